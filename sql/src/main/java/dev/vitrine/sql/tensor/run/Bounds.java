package dev.vitrine.sql.tensor.run;

import java.util.Arrays;

/** What a query's constants say of each axis before any loop runs: {@code [lo, hi)}. */
public final class Bounds {
    final int[] lo;
    final int[] hi;

    public Bounds(int axes) {
        lo = new int[axes];
        hi = new int[axes];
        Arrays.fill(hi, Integer.MAX_VALUE);
    }

    /** Coordinates of the axis are ≥ {@code value}. */
    public void atLeast(int axis, long value) {
        lo[axis] = (int) Math.max(lo[axis], Math.min(value, Integer.MAX_VALUE));
    }

    /** Coordinates of the axis are &gt; {@code value}. */
    public void above(int axis, long value) {
        atLeast(axis, LoopNest.plus(value, 1));
    }

    /** Coordinates of the axis are ≤ {@code value}. */
    public void atMost(int axis, long value) {
        below(axis, LoopNest.plus(value, 1));
    }

    /** Coordinates of the axis are &lt; {@code value}. */
    public void below(int axis, long value) {
        hi[axis] = (int) Math.min(hi[axis], Math.max(value, 0));
    }

    /** No coordinate at all. */
    public void nothing() {
        hi[0] = 0;
    }

    public int lo(int axis) {
        return lo[axis];
    }

    public int hi(int axis) {
        return hi[axis];
    }
}
