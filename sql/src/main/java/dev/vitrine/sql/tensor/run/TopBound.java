package dev.vitrine.sql.tensor.run;

/** What the first sort key must reach for a row to be among the first N, as known to all threads of a query so far. */
public final class TopBound {
    private final boolean descending;
    private volatile double bound;

    public TopBound(boolean descending) {
        this.descending = descending;
        this.bound = descending ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /** Rows with a first key beyond this are out. */
    public double get() {
        return bound;
    }

    /** N rows have a first key as good as this or better. */
    synchronized void tighten(double key) {
        if (descending ? key > bound : key < bound) {
            bound = key;
        }
    }
}
