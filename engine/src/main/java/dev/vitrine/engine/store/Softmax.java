package dev.vitrine.engine.store;

/** Softmax in float32, as torch does it: minus the largest, exp, over the sum. */
final class Softmax {
    private static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0x1.63p-1f;

    private static final float LN2_LOW = -2.1219444e-4f;

    private Softmax() {}

    /** Overwrites the scores from {@code from} to {@code to}, exclusive, by weights that sum to 1. */
    static void apply(float[] scores, int from, int to) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            float weight = exp(scores[i] - max);
            scores[i] = weight;
            sum += weight;
        }
        float factor = (float) (1 / sum);
        for (int i = from; i < to; i++) {
            scores[i] *= factor;
        }
    }

    /** e to the x for x ≤ 0, within 2 units of the last place; 0 where float32 has no normal number. Polynomial: Cephes, expf. */
    static float exp(float x) {
        if (x < -87) {
            return 0;
        }
        int exponent = (int) (x * LOG2_E - 0.5f);
        float r = x - exponent * LN2_HIGH - exponent * LN2_LOW;
        float p = 1.9875691e-4f;
        p = p * r + 1.3981999e-3f;
        p = p * r + 8.333452e-3f;
        p = p * r + 4.1665796e-2f;
        p = p * r + 0.16666666f;
        p = p * r + 0.5f;
        return (p * r * r + r + 1) * Float.intBitsToFloat((exponent + 127) << 23);
    }
}
