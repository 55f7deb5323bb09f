package dev.vitrine.sql.tensor.run;

/** The class that generated loops extend. One instance serves one thread. */
public abstract class LoopNest {
    /** Rows from one look at the clock to the next. */
    private static final int CHECKS_APART = 32;

    protected final Execution execution;
    private int untilCheck;

    protected LoopNest(Execution execution) {
        this.execution = execution;
    }

    /** Whether any cell of the run can pass: the conditions that name nothing but the run. */
    public abstract boolean accepts(int run);

    /** Runs the loops over a box and adds what passes to {@code sink}: {@link Groups}, {@link TopRows} or {@link Rows}. */
    public abstract void box(Box box, Object sink);

    /** To be called once per row of cells: ends the statement when it was cancelled or is late. */
    protected final void check() {
        if (--untilCheck <= 0) {
            untilCheck = CHECKS_APART;
            execution.check();
        }
    }

    /** The larger of a bound and a computed one, which may lie outside the range of int. */
    protected static int atLeast(int lo, long bound) {
        return bound <= lo ? lo : (int) Math.min(bound, Integer.MAX_VALUE);
    }

    /** The smaller of a bound and a computed one, which may lie outside the range of int; 0 where that is below all coordinates. */
    protected static int below(int hi, long bound) {
        return bound >= hi ? hi : (int) Math.max(bound, 0);
    }

    /** {@link #atLeast} one more than {@code bound}. */
    protected static int above(int lo, long bound) {
        return bound < lo ? lo : (int) Math.min(bound, Integer.MAX_VALUE - 1) + 1;
    }

    /** {@link #below} one more than {@code bound}. */
    protected static int atMost(int hi, long bound) {
        return bound >= hi ? hi : (int) Math.max(bound, -1) + 1;
    }

    /** The sum, or the largest or least long where it is beyond them: no coordinate either way. */
    public static long plus(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? beyond(a) : sum;
    }

    /** The difference, or the largest or least long where it is beyond them. */
    public static long minus(long a, long b) {
        long difference = a - b;
        return ((a ^ b) & (a ^ difference)) < 0 ? beyond(a) : difference;
    }

    private static long beyond(long sign) {
        return sign < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** A buffer of at least that length; contents are not kept. */
    protected static float[] room(float[] buffer, int length) {
        return buffer.length >= length ? buffer : new float[Math.max(length, 2 * buffer.length)];
    }

    /** A buffer of at least that length; contents are not kept. */
    protected static double[] room(double[] buffer, int length) {
        return buffer.length >= length ? buffer : new double[Math.max(length, 2 * buffer.length)];
    }

    /** The bits of a double as a key: both zeros are one key, and so are all NaNs. */
    protected static long bits(double value) {
        return Double.doubleToLongBits(value + 0.0);
    }
}
