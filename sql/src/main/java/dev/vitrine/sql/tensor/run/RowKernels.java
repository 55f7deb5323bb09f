package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.VectorInstructions;
import dev.vitrine.udfs.attention.AttentionEntropy;
import dev.vitrine.udfs.correlation.WeightedCorrelation;

/**
 * What sums along a row of cells come down to, a whole row at a time. There are two: plain Java, and {@link VectorInstructions}. Both add
 * float64 numbers, in another order: each is within n · 2⁻⁵² · Σ|xᵢ| of the exact sum of n terms, so that two differ by twice that at most,
 * plus what {@link #sumXLnX} says of its logarithm. Neither looks at anything but the row, so that results do not depend on how rows are
 * divided among threads. An instance serves one thread.
 */
public abstract class RowKernels {
    private final double[] moments = new double[3];

    /** The fastest that this JVM has. */
    public static RowKernels create() {
        return VectorInstructions.arePresent()
                ? VectorInstructions.load(RowKernels.class, "VectorRowKernels")
                : new PlainRowKernels();
    }

    /** Σ x[i], i from 0 to {@code n}. */
    public abstract double sum(float[] x, int n);

    /** Σ x[i]·(first + step·i), each product in float32 as SQL's REAL times INTEGER is; integers in two's complement. */
    public abstract double sumTimesSteps(float[] x, int n, int first, int step);

    /** Σ x[i]·ln x[i] over those greater than 0; the logarithm's error is below 5·10⁻¹⁶ · max(1, |ln x|). */
    public abstract double sumXLnX(float[] x, int n);

    /** How many are greater than 0. */
    public abstract long countPositive(float[] x, int n);

    /** Adds 1 to each of counts[at + i] and x[i] to sums[at + i], i from 0 to {@code n}. */
    public abstract void addGroups(float[] x, int n, long[] counts, double[] sums, int at);

    /** The same for those i alone where x[i] ≥ {@code least}; not where one of the two is NaN. */
    public abstract void addGroupsFrom(float[] x, int n, float least, long[] counts, double[] sums, int at);

    /** Whether any is less than 0. */
    public abstract boolean anyNegative(float[] x, int n);

    /** With d = x[i] − x[0]: Σ d, Σ d² and Σ d·i. {@code n} is at least 1. */
    public abstract void moments(float[] x, int n, double[] into);

    /** The same of float64 numbers. */
    public abstract void moments(double[] x, int n, double[] into);

    /**
     * Adds the pairs (x[i], first + step·i), each of the same weight, i from 0 to {@code n}, which is at least 1. The second's sums are
     * known: Σ i = n(n − 1)/2 and Σ i² = (n − 1)n(2n − 1)/6.
     */
    public final WeightedCorrelation.State addEven(
            WeightedCorrelation.State state, double weight, float[] x, int n, int first, int step) {
        moments(x, n, moments);
        return added(state, weight, x[0], n, first, step);
    }

    /** The same of float64 numbers. */
    public final WeightedCorrelation.State addEven(
            WeightedCorrelation.State state, double weight, double[] x, int n, int first, int step) {
        moments(x, n, moments);
        return added(state, weight, x[0], n, first, step);
    }

    private WeightedCorrelation.State added(
            WeightedCorrelation.State state, double weight, double x0, int n, int first, int step) {
        double count = n;
        double sum = count * (count - 1) / 2;
        double squares = (count - 1) * count * (2 * count - 1) / 6;
        return WeightedCorrelation.addEven(
                state, weight, n, x0, first, moments[0], step * sum, moments[1], squares, step * moments[2]);
    }

    /** Adds {@code n} weights. */
    public final AttentionEntropy.State addEntropy(AttentionEntropy.State state, float[] x, int n) {
        if (anyNegative(x, n)) {
            AttentionEntropy.State partial = state;
            for (int i = 0; i < n; i++) {
                partial = AttentionEntropy.add(partial, x[i]);
            }
            return partial;
        }
        return AttentionEntropy.addSums(state, sum(x, n), sumXLnX(x, n));
    }

    /** An empty block of vectors. */
    public abstract VectorBlock block();
}
