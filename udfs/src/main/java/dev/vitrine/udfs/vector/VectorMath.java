package dev.vitrine.udfs.vector;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;

/**
 * Loops over float32 vectors. The product of two floats is exact in a double, and sums are kept in four doubles that are added at the
 * end, so that a result differs from the exact one by at most (n/4 + 4) · 2⁻⁵³ · Σ|terms|, and the additions do not wait for each
 * other. NaN in gives NaN out. Two vectors of different lengths are {@code INVALID_ARGUMENT}.
 */
public final class VectorMath {
    private VectorMath() {}

    /** Σ a[i]·b[i]; 0 for empty vectors. */
    public static double dot(float[] a, float[] b) {
        requireSameLength("dot", a, b);
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < a.length - 3; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += (double) a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** √Σ a[i]²; 0 for an empty vector. */
    public static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** √Σ (a[i] − b[i])²; 0 for empty vectors. */
    public static double distance(float[] a, float[] b) {
        requireSameLength("l2_distance", a, b);
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < a.length - 3; i += 4) {
            double d0 = (double) a[i] - b[i];
            double d1 = (double) a[i + 1] - b[i + 1];
            double d2 = (double) a[i + 2] - b[i + 2];
            double d3 = (double) a[i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < a.length; i++) {
            double d = (double) a[i] - b[i];
            s0 += d * d;
        }
        return Math.sqrt((s0 + s1) + (s2 + s3));
    }

    /** a + b, rounded to float32. */
    public static float[] add(float[] a, float[] b) {
        requireSameLength("vector_add", a, b);
        float[] sum = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    /** a − b, rounded to float32. */
    public static float[] subtract(float[] a, float[] b) {
        requireSameLength("vector_subtract", a, b);
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    /** factor · a: the product in double, rounded to float32 once. */
    public static float[] scale(float[] a, double factor) {
        float[] scaled = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            scaled[i] = (float) (a[i] * factor);
        }
        return scaled;
    }

    /** {@code INVALID_ARGUMENT} with both lengths where they differ. */
    static void requireSameLength(String function, float[] a, float[] b) {
        if (a.length != b.length) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": the first vector has length " + a.length + ", the second " + b.length
                            + "; expected equal lengths");
        }
    }
}
