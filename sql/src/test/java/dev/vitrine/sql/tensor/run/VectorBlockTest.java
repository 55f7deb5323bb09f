package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VectorInstructions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of block that the JVM has, beside plain loops; both round to float64 once per component, in another order. */
@Tag("vector")
class VectorBlockTest {
    private static final double ROUNDING = 0x1p-51;

    private static List<VectorBlock> blocks() {
        List<VectorBlock> blocks = new ArrayList<>(List.of(new PlainRowKernels().block()));
        if (VectorInstructions.arePresent()) {
            blocks.add(RowKernels.create().block());
        }
        return blocks;
    }

    @ParameterizedTest
    @CsvSource({"0,3", "1,1", "2,64", "7,5", "8,1", "17,3", "31,2", "33,16", "100,7", "130,64"})
    void rangesOfProductsAndDistancesAreThoseOfPlainLoops(int n, int width) {
        Random random = new Random(n);
        float[] vectors = numbers(n * width, random);
        float[] a = numbers(width, random);
        for (VectorBlock block : blocks()) {
            block.load(numbers(200 * 3, random), 200, 3);
            block.load(vectors, n, width);
            for (int lo = 0; lo <= n; lo += 1 + n / 5) {
                for (int hi = n; hi >= lo; hi -= 1 + n / 7) {
                    compare(block, a, vectors, lo, hi);
                }
            }
        }
    }

    private static void compare(VectorBlock block, float[] a, float[] vectors, int lo, int hi) {
        int width = a.length;
        double[] dots = new double[hi - lo];
        double[] distances = new double[hi - lo];
        block.dot(a, lo, hi, dots);
        block.distance(a, lo, hi, distances);
        for (int pos = lo; pos < hi; pos++) {
            double dot = 0;
            double size = 0;
            double squares = 0;
            for (int d = 0; d < width; d++) {
                double b = vectors[pos * width + d];
                dot += a[d] * b;
                size += Math.abs(a[d] * b);
                squares += (a[d] - b) * (a[d] - b);
            }
            assertThat(dots[pos - lo]).isCloseTo(dot, within(ROUNDING * width * size));
            assertThat(distances[pos - lo])
                    .isCloseTo(Math.sqrt(squares), within(ROUNDING * (width + 1) * Math.sqrt(squares)));
        }
    }

    private static float[] numbers(int n, Random random) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
