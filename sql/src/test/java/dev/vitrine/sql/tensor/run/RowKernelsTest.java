package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VectorInstructions;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.attention.AttentionEntropy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both kinds of kernels, where the JVM has both, beside loops in float64 that add one by one. A sum of n terms in any order is within
 * n · 2⁻⁵³ · Σ|terms| of the exact one, so two are within twice that of each other; the tolerance is twice that again, for the products'
 * own rounding.
 */
@Tag("vector")
class RowKernelsTest {
    private static final double ROUNDING = 0x1p-51;
    /** The error of a logarithm x, over max(1, |x|). */
    private static final double LOGARITHM = 5e-16;

    private static final float[] ODD = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        -0f,
        0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1f
    };

    private static List<RowKernels> kernels() {
        List<RowKernels> kernels = new ArrayList<>(List.of(new PlainRowKernels()));
        if (VectorInstructions.arePresent()) {
            kernels.add(RowKernels.create());
        }
        return kernels;
    }

    /** The build runs these tests twice, and says to each run which kernels it is to find. */
    @Test
    void theKernelsAreThoseAskedFor() {
        boolean wanted = Boolean.getBoolean("vitrine.vectorized");
        assertThat(VectorInstructions.arePresent()).isEqualTo(wanted);
        assertThat(RowKernels.create().getClass().getSimpleName())
                .isEqualTo(wanted ? "VectorRowKernels" : "PlainRowKernels");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 509})
    void sumsAreThoseOfPlainLoops(int n) {
        Random random = new Random(n);
        for (int kind = 0; kind < 4; kind++) {
            float[] x = new float[n + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = switch (kind) {
                    case 0 -> random.nextFloat();
                    case 1 -> (float) random.nextGaussian() * 1000;
                    case 2 -> (float) Math.exp(100 * random.nextDouble() - 103);
                    default -> random.nextInt(4) == 0 ? 0 : 1 - random.nextFloat() / 1000;
                };
            }
            compare(x, n);
        }
    }

    /** Each odd number at each place of a row that has a part for vectors and a rest. */
    @Test
    void oddNumbersAreAsInPlainLoops() {
        int n = 37;
        for (float odd : ODD) {
            for (int at = 0; at < n; at++) {
                float[] x = new float[n];
                for (int i = 0; i < n; i++) {
                    x[i] = 0.25f + i;
                }
                x[at] = odd;
                compare(x, n);
            }
        }
        compare(ODD, ODD.length);
    }

    private static void compare(float[] x, int n) {
        double[] wide = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            wide[i] = x[i];
        }
        for (RowKernels kernels : kernels()) {
            String name = kernels.getClass().getSimpleName();
            isSum(name + ".sum", kernels.sum(x, n), n, i -> x[i]);
            for (int step : new int[] {1, -1}) {
                isSum(
                        name + ".sumTimesSteps",
                        kernels.sumTimesSteps(x, n, 100, step),
                        n,
                        i -> x[i] * (float) (100 + step * i));
            }
            double ofLogarithms = 0;
            for (int i = 0; i < n; i++) {
                ofLogarithms += x[i] > 0 ? x[i] * Math.max(1, Math.abs(Math.log(x[i]))) : 0;
            }
            isSum(
                    name + ".sumXLnX",
                    kernels.sumXLnX(x, n),
                    n,
                    i -> x[i] > 0 ? x[i] * Math.log(x[i]) : 0,
                    LOGARITHM * ofLogarithms);
            long positive = 0;
            for (int i = 0; i < n; i++) {
                positive += x[i] > 0 ? 1 : 0;
            }
            assertThat(kernels.countPositive(x, n)).isEqualTo(positive);
            boolean negative = false;
            for (int i = 0; i < n; i++) {
                negative |= x[i] < 0;
            }
            assertThat(kernels.anyNegative(x, n)).isEqualTo(negative);
            if (n > 0) {
                double[] moments = new double[3];
                kernels.moments(x, n, moments);
                areMoments(name + ".moments of float32", moments, wide, n);
                kernels.moments(wide, n, moments);
                areMoments(name + ".moments of float64", moments, wide, n);
            }
        }
    }

    private static void areMoments(String what, double[] moments, double[] x, int n) {
        isSum(what, moments[0], n, i -> x[i] - x[0]);
        isSum(what, moments[1], n, i -> (x[i] - x[0]) * (x[i] - x[0]));
        isSum(what, moments[2], n, i -> (x[i] - x[0]) * i);
    }

    private static void isSum(String what, double actual, int n, IntToDoubleFunction term) {
        isSum(what, actual, n, term, 0);
    }

    /** @param slack what the terms themselves may be off by, in all */
    private static void isSum(String what, double actual, int n, IntToDoubleFunction term, double slack) {
        double sum = 0;
        double size = 0;
        for (int i = 0; i < n; i++) {
            sum += term.applyAsDouble(i);
            size += Math.abs(term.applyAsDouble(i));
        }
        if (Double.isFinite(sum)) {
            assertThat(actual).as(what).isCloseTo(sum, within(ROUNDING * (n + 2) * size + slack));
        } else {
            assertThat(actual).as(what).isEqualTo((Double) sum);
        }
    }

    /** Bit for bit: each group's sum is added to once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 15, 16, 17, 31, 200})
    void groupsAreAddedToCellByCell(int n) {
        Random random = new Random(n);
        float[] bounds = {0.5f, 0, -0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -1, 2};
        for (float least : bounds) {
            float[] x = new float[n + 2];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(3) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextFloat();
            }
            if (n > 0) {
                x[random.nextInt(n)] = least;
            }
            int at = random.nextInt(4);
            for (RowKernels kernels : kernels()) {
                long[] counts = new long[n + 7];
                double[] sums = new double[n + 7];
                long[] expectedCounts = new long[n + 7];
                double[] expectedSums = new double[n + 7];
                for (int i = 0; i < sums.length; i++) {
                    counts[i] = expectedCounts[i] = random.nextInt(9);
                    sums[i] = expectedSums[i] = random.nextDouble();
                }
                for (int i = 0; i < n; i++) {
                    expectedCounts[at + i] += x[i] >= least ? 1 : 0;
                    expectedSums[at + i] += x[i] >= least ? x[i] : 0;
                }
                kernels.addGroupsFrom(x, n, least, counts, sums, at);
                assertThat(counts).isEqualTo(expectedCounts);
                assertThat(sums).isEqualTo(expectedSums);
                for (int i = 0; i < n; i++) {
                    expectedCounts[at + i]++;
                    expectedSums[at + i] += x[i];
                }
                kernels.addGroups(x, n, counts, sums, at);
                assertThat(counts).isEqualTo(expectedCounts);
                assertThat(sums).isEqualTo(expectedSums);
            }
        }
    }

    @Test
    void entropiesAreThoseOfWeightsAddedOneByOne() {
        Random random = new Random(9);
        for (int n : new int[] {1, 2, 9, 33}) {
            float[] weights = new float[n];
            AttentionEntropy.State expected = AttentionEntropy.init();
            for (int i = 0; i < n; i++) {
                weights[i] = i % 4 == 1 ? -0f : random.nextFloat();
                AttentionEntropy.add(expected, weights[i]);
            }
            for (RowKernels kernels : kernels()) {
                assertThat(AttentionEntropy.result(kernels.addEntropy(AttentionEntropy.init(), weights, n)))
                        .isCloseTo(AttentionEntropy.result(expected), within(1e-14));
            }
        }
    }

    @Test
    void entropyNamesANegativeWeight() {
        float[] weights = {0.5f, 0, -0.25f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
        for (RowKernels kernels : kernels()) {
            assertThatThrownBy(() -> kernels.addEntropy(AttentionEntropy.init(), weights, weights.length))
                    .isInstanceOf(VitrineException.class)
                    .hasMessage("attention_entropy: weight is -0.25; expected attention of 0 or more");
        }
    }

    /** One number a whole row long: the logarithm of each lane. */
    @Test
    void logarithmsAreWithinAHairOfTheJdk() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            float x = switch (i % 3) {
                case 0 -> random.nextFloat() + Float.MIN_VALUE;
                case 1 -> 1 + (random.nextFloat() - 0.5f) / 1000;
                default -> Float.intBitsToFloat(1 + random.nextInt(Float.floatToIntBits(Float.MAX_VALUE)));
            };
            float[] row = new float[64];
            Arrays.fill(row, x);
            double exact = Math.log(x);
            for (RowKernels kernels : kernels()) {
                double actual = kernels.sumXLnX(row, row.length) / row.length / x;
                assertThat(Math.abs(actual - exact))
                        .as("ln %s", x)
                        .isLessThanOrEqualTo(LOGARITHM * Math.max(1, Math.abs(exact)) + 64 * 0x1p-53 * Math.abs(exact));
            }
        }
    }
}
