package dev.vitrine.sql.tensor.run;

/** A number or state that a group keeps while rows are added. Sums of REAL are kept in double. */
public enum Slot {
    SUM_DOUBLE,
    MIN_DOUBLE,
    MAX_DOUBLE,
    SUM_LONG,
    MIN_LONG,
    MAX_LONG,
    OBJECT;

    public boolean isDouble() {
        return compareTo(MAX_DOUBLE) <= 0;
    }

    public boolean isLong() {
        return !isDouble() && this != OBJECT;
    }

    /** What a slot of doubles holds before the first row; NaN, which sorts above all numbers, where a minimum is kept. */
    double firstDouble() {
        return this == SUM_DOUBLE ? 0 : this == MIN_DOUBLE ? Double.NaN : Double.NEGATIVE_INFINITY;
    }

    /** What a slot of longs holds before the first row. */
    long firstLong() {
        return this == SUM_LONG ? 0 : this == MIN_LONG ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    double combine(double a, double b) {
        return switch (this) {
            case SUM_DOUBLE -> a + b;
            case MIN_DOUBLE -> b < a || Double.isNaN(a) ? b : a;
            default -> b > a || Double.isNaN(b) ? b : a;
        };
    }

    long combine(long a, long b) {
        return switch (this) {
            case SUM_LONG -> a + b;
            case MIN_LONG -> Math.min(a, b);
            default -> Math.max(a, b);
        };
    }
}
