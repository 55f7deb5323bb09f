package dev.vitrine.sql.tensor.run;

/** The unit of parallel work: a range {@code [lo, hi)} on every axis of the nest. One run, that is {@code hi[0] = lo[0] + 1}. */
public final class Box {
    /** First coordinate, by axis. */
    public final int[] lo;

    /** One past the last coordinate, by axis; may lie beyond the axis. */
    public final int[] hi;

    Box(int[] lo, int[] hi) {
        this.lo = lo.clone();
        this.hi = hi.clone();
    }
}
