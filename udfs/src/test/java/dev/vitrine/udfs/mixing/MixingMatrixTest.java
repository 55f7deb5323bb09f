package dev.vitrine.udfs.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.udfs.GoldenTensors;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixingMatrixTest {
    /**
     * C0 = [1, 0, 0; ½, ½, 0; 0, ½, ½] and C1 = [1, 0, 0; 0, 1, 0; ½, 0, ½], so C1·C0 has the last row ½·(1, 0, 0) + ½·(0, ½, ½). The
     * other order, C0·C1, would give (¼, ½, ¼).
     */
    @Test
    void newerLayerIsMultipliedFromTheLeft() {
        MixingMatrix first = MixingMatrix.withResidual(new double[][] {{1}, {1, 0}, {0, 1, 0}});
        MixingMatrix second = MixingMatrix.withResidual(new double[][] {{1}, {0, 1}, {1, 0, 0}});
        MixingMatrix rollout = second.times(first, () -> {});
        assertRow(rollout, 0, 1);
        assertRow(rollout, 1, 0.5, 0.5);
        assertRow(rollout, 2, 0.5, 0.25, 0.25);
    }

    /** Rows that do not sum to 1, such as padded ones: the row sum is divided by, not 2. */
    @Test
    void rowsAreDividedByTheirSum() {
        MixingMatrix matrix = MixingMatrix.withResidual(new double[][] {{0.5, 0.5}, {0.25, 0.25}});
        assertRow(matrix, 0, 0.75, 0.25);
        assertRow(matrix, 1, 0.25 / 1.5, 1.25 / 1.5);
    }

    @Test
    void shortRowsEqualLongRowsWithZeros() {
        MixingMatrix causal = MixingMatrix.withResidual(new double[][] {{1}, {0.25, 0.75}, {0.5, 0.125, 0.375}});
        MixingMatrix padded =
                MixingMatrix.withResidual(new double[][] {{1, 0, 0}, {0.25, 0.75, 0}, {0.5, 0.125, 0.375}});
        MixingMatrix product = causal.times(causal, () -> {});
        MixingMatrix paddedProduct = padded.times(padded, () -> {});
        for (int i = 0; i < 3; i++) {
            assertThat(product.rowLength(i)).isEqualTo(i + 1);
            for (int j = 0; j < 3; j++) {
                assertThat(paddedProduct.get(i, j)).isEqualTo(j <= i ? product.get(i, j) : 0);
            }
        }
    }

    @Test
    void productStopsBetweenRows() {
        MixingMatrix matrix = MixingMatrix.withResidual(new double[][] {{1}, {1, 0}});
        assertThatThrownBy(() -> matrix.times(matrix, () -> {
                    throw new CancellationException();
                }))
                .isInstanceOf(CancellationException.class);
    }

    /** The reference is float64 on the same float32 attention, stored as float32: 6e-8 of values up to 1. */
    @ParameterizedTest
    @CsvSource({"bert, 1", "bert, 2", "bert, 3", "gpt2, 1", "gpt2, 2", "gpt2, 3"})
    void rolloutHasTheReferenceValues(String family, int prompt) {
        GoldenTensors goldens = GoldenTensors.of(family);
        MixingMatrix rollout = null;
        for (int layer = 0; layer < 3; layer++) {
            String name = "p" + prompt + ".l" + layer + ".attention";
            MixingMatrix mixing = MixingMatrix.withResidual(
                    meanOverHeads(goldens.values(name), goldens.size(name, 0), goldens.size(name, 1)));
            rollout = rollout == null ? mixing : mixing.times(rollout, () -> {});
            float[] expected = goldens.values("p" + prompt + ".rollout.attention.l" + layer);
            int n = goldens.size(name, 1);
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += rollout.get(i, j);
                    assertThat(rollout.get(i, j)).isCloseTo(expected[i * n + j], within(1e-6));
                }
                assertThat(sum).isCloseTo(1, within(1e-12));
            }
        }
    }

    private static double[][] meanOverHeads(float[] attention, int heads, int n) {
        double[][] mean = new double[n][n];
        for (int i = 0; i < attention.length; i++) {
            mean[i / n % n][i % n] += attention[i] / (double) heads;
        }
        return mean;
    }

    private static void assertRow(MixingMatrix matrix, int row, double... expected) {
        assertThat(matrix.rowLength(row)).isEqualTo(expected.length);
        for (int j = 0; j < expected.length; j++) {
            assertThat(matrix.get(row, j)).isEqualTo(expected[j]);
        }
    }
}
