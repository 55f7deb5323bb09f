package dev.vitrine.sql.tensor.run;

/**
 * Natural logarithms of a whole row, as {@link NaturalLogarithm} computes them: the look-ups in one loop, the polynomial in another, which
 * the JIT vectorizes. One thread.
 */
public final class RowLogarithms {
    private static final int SMALLEST_NORMAL = 0x0080_0000;
    private static final int INFINITY = 0x7F80_0000;
    private static final int FRACTION = 0x007F_FFFF;
    private static final int ONE = 0x3F80_0000;

    /** By a float's exponent as its bits have it: that power of two's logarithm. */
    private static final double[] POWERS = new double[255];

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = (i - 127) * NaturalLogarithm.LN_2;
        }
    }

    private double[] rests = new double[0];

    /** Puts ln of the first {@code n} numbers into the front of {@code into}; −∞ for 0, NaN for negative numbers. */
    public void of(float[] x, int n, double[] into) {
        if (rests.length < n) {
            rests = new double[Math.max(n, 2 * rests.length)];
        }
        split(x, n, rests, into);
        finish(rests, n, into);
    }

    /** x = 2ᵉ·c·(1 + r): r goes into {@code rests}, e·ln 2 + ln c into {@code into}. */
    private static void split(float[] x, int n, double[] rests, double[] into) {
        double[] reciprocals = NaturalLogarithm.RECIPROCALS;
        double[] logarithms = NaturalLogarithm.LOGARITHMS;
        for (int k = 0; k < n; k++) {
            int bits = Float.floatToRawIntBits(x[k]);
            if (bits < SMALLEST_NORMAL || bits >= INFINITY) {
                rests[k] = 0;
                into[k] = x[k] == 0 ? Double.NEGATIVE_INFINITY : NaturalLogarithm.of(x[k]);
                continue;
            }
            int fraction = bits & FRACTION;
            int i = ((fraction >>> 14) + 1) >>> 1;
            rests[k] = Float.intBitsToFloat(fraction | ONE) * reciprocals[i] - 1;
            into[k] = POWERS[bits >>> 23] + logarithms[i];
        }
    }

    private static void finish(double[] rests, int n, double[] into) {
        for (int k = 0; k < n; k++) {
            double r = rests[k];
            double square = r * r;
            into[k] =
                    into[k] + (r - square * ((0.5 - r * (1.0 / 3)) + square * ((0.25 - r * 0.2) + square * (1.0 / 6))));
        }
    }
}
