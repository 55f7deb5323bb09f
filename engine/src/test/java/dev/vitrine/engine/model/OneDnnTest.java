package dev.vitrine.engine.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.NativeLibraries;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What oneDNN gives is x·W + b as float64 has it, and an array like any other. */
class OneDnnTest {
    private NDManager manager;
    private OneDnn oneDnn;

    @BeforeEach
    void open() {
        NativeLibraries.prepare();
        manager = NDManager.newBaseManager();
        OneDnn opened = OneDnn.open();
        // A torch without it is no fault; that of x86-64 has it.
        assumeTrue(opened != null || System.getProperty("os.arch").equals("amd64"));
        oneDnn = requireNonNull(opened);
    }

    @AfterEach
    void close() {
        oneDnn.close();
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,7,5", "2,1,3", "13,11,17", "31,3,1", "128,64,96", "67,257,129"})
    void isTheProduct(int rows, int inputs, int outputs) {
        float[] x = random(rows * inputs, 1);
        float[] w = random(inputs * outputs, 2);
        float[] b = random(outputs, 3);
        NDArray y = oneDnn.linear(array(x, rows, inputs), turned(w, inputs, outputs), manager.create(b));
        assertThat(y.getShape()).isEqualTo(new Shape(rows, outputs));
        assertProduct(y.toFloatArray(), x, w, b, inputs);
    }

    @Test
    void takesRowsOutOfTheMiddleAndEveryOtherColumn() {
        float[] wide = random(9 * 10, 4);
        float[] x = new float[4 * 5];
        for (int row = 0; row < 4; row++) {
            for (int i = 0; i < 5; i++) {
                x[row * 5 + i] = wide[(row + 3) * 10 + 2 * i];
            }
        }
        float[] w = random(5 * 7, 5);
        float[] b = random(7, 6);
        NDArray strided = array(wide, 9, 10).get(new NDIndex("3:7, ::2"));
        NDArray y = oneDnn.linear(strided, turned(w, 5, 7), manager.create(b));
        assertProduct(y.toFloatArray(), x, w, b, 5);
    }

    /** From where nothing is left of a number to where nothing is taken from it. */
    @Test
    void geluIsTheFunctionOfTheProduct() {
        float[] x = new float[4001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 2000) / 200f;
        }
        NDArray y = oneDnn.geluTanh(
                array(x, x.length, 1), turned(new float[] {0.5f}, 1, 1), manager.create(new float[] {0.25f}));
        for (int i = 0; i < x.length; i++) {
            double product = x[i] * 0.5 + 0.25;
            double inner = Math.sqrt(2 / Math.PI) * (product + 0.044715 * product * product * product);
            assertThat((double) y.getFloat(i, 0)).isCloseTo(0.5 * product * (1 + Math.tanh(inner)), within(6e-7));
        }
    }

    @Test
    void aNaNStaysInItsRow() {
        NDArray x = array(new float[] {1, Float.NaN, 2, 3}, 2, 2);
        NDArray y = oneDnn.linear(x, turned(new float[] {1, 2, 3, 4}, 2, 2), manager.create(new float[] {10, 20}));
        assertThat(y.toFloatArray()).containsExactly(Float.NaN, Float.NaN, 10 + 2 + 9, 20 + 4 + 12);
    }

    @Test
    void theResultBelongsWhereXDoesAndCanBeChangedInPlace() {
        NDArray w = turned(new float[] {2}, 1, 1);
        NDArray b = manager.create(new float[] {1});
        int handles = manager.getManagedArrays().size();
        try (NDManager scope = manager.newSubManager()) {
            NDArray x = scope.create(new float[] {3}, new Shape(1, 1));
            for (int i = 0; i < 10; i++) {
                NDArray y = oneDnn.linear(x, w, b);
                assertThat(y.getManager()).isSameAs(scope);
                assertThat(y.addi(1).toFloatArray()).containsExactly(8);
            }
        }
        assertThat(manager.getManagedArrays()).hasSize(handles);
    }

    private NDArray array(float[] values, int rows, int columns) {
        return manager.create(values, new Shape(rows, columns));
    }

    private NDArray turned(float[] w, int inputs, int outputs) {
        return array(w, inputs, outputs).transpose();
    }

    /** Within what float32 loses at most when it adds up so many products in whatever order. */
    private static void assertProduct(float[] y, float[] x, float[] w, float[] b, int inputs) {
        int outputs = b.length;
        for (int i = 0; i < y.length; i++) {
            double sum = b[i % outputs];
            double size = Math.abs(sum);
            for (int k = 0; k < inputs; k++) {
                double product = (double) x[i / outputs * inputs + k] * w[k * outputs + i % outputs];
                sum += product;
                size += Math.abs(product);
            }
            assertThat((double) y[i]).isCloseTo(sum, within((inputs + 1) * 0x1p-24 * size));
        }
    }

    private static float[] random(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
