package dev.vitrine.udfs.projection;

import java.util.Arrays;

/** The highest of a vocabulary's scores. Equal scores are in the order of their ids; NaN is below every number. */
final class TopTokens {
    private TopTokens() {}

    /** Ids of the k highest of n scores from {@code from} on, highest first; 1 ≤ k ≤ n. */
    static int[] of(float[] scores, int from, int n, int k) {
        long[] kept = new long[Math.min(n, 2 * k)];
        int size = 0;
        long floor = Long.MIN_VALUE;
        for (int id = 0; id < n; id++) {
            long key = key(scores[from + id], id);
            if (key > floor) {
                kept[size++] = key;
                if (size == kept.length) {
                    Arrays.sort(kept);
                    System.arraycopy(kept, size - k, kept, 0, k);
                    floor = kept[0];
                    size = k;
                }
            }
        }
        Arrays.sort(kept, 0, size);
        int[] top = new int[k];
        for (int i = 0; i < k; i++) {
            top[i] = Integer.MAX_VALUE - (int) kept[size - 1 - i];
        }
        return top;
    }

    /** Grows with the score, and among equal scores with smaller ids. */
    private static long key(float score, int id) {
        int bits = Float.floatToIntBits(score + 0f);
        int ordered = Float.isNaN(score) ? Integer.MIN_VALUE : bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ordered << 32 | (Integer.MAX_VALUE - id);
    }
}
