package dev.vitrine.sql.table;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/** A set of indices from 0, kept as ascending ranges, so that a loop steps from one member to the next without testing all between. */
public final class Indices {
    /** What {@link #atLeast} gives where there is no member left: past every index. */
    public static final int NONE = Integer.MAX_VALUE;

    /** Every index. */
    public static final Indices ALL = new Indices(new int[] {0}, new int[] {NONE - 1});

    private final int[] low;
    private final int[] high;

    private Indices(int[] low, int[] high) {
        this.low = low;
        this.high = high;
    }

    /** The whole numbers in a set of ranges. */
    static Indices of(RangeSet<BigDecimal> ranges) {
        int[] low = new int[ranges.asRanges().size()];
        int[] high = new int[low.length];
        int count = 0;
        for (Range<BigDecimal> range : ranges.asRanges()) {
            long from = range.hasLowerBound()
                    ? whole(range.lowerEndpoint(), RoundingMode.CEILING, range.lowerBoundType(), 1)
                    : 0;
            long to = range.hasUpperBound()
                    ? whole(range.upperEndpoint(), RoundingMode.FLOOR, range.upperBoundType(), -1)
                    : NONE - 1;
            from = Math.max(from, 0);
            to = Math.min(to, NONE - 1);
            if (from <= to) {
                low[count] = (int) from;
                high[count++] = (int) to;
            }
        }
        return new Indices(Arrays.copyOf(low, count), Arrays.copyOf(high, count));
    }

    /** The first whole number inside an end point of a range. */
    private static long whole(BigDecimal end, RoundingMode inwards, BoundType bound, int step) {
        BigDecimal whole = end.setScale(0, inwards);
        if (bound == BoundType.OPEN && whole.compareTo(end) == 0) {
            whole = whole.add(BigDecimal.valueOf(step));
        }
        return whole.max(BigDecimal.valueOf(-1)).min(BigDecimal.valueOf(NONE)).longValueExact();
    }

    /** The members of both. */
    Indices and(Indices other) {
        int[] from = new int[low.length + other.low.length];
        int[] to = new int[from.length];
        int count = 0;
        for (int i = 0, j = 0; i < low.length && j < other.low.length; ) {
            int lo = Math.max(low[i], other.low[j]);
            int hi = Math.min(high[i], other.high[j]);
            if (lo <= hi) {
                from[count] = lo;
                to[count++] = hi;
            }
            if (high[i] < other.high[j]) {
                i++;
            } else {
                j++;
            }
        }
        return new Indices(Arrays.copyOf(from, count), Arrays.copyOf(to, count));
    }

    /** The smallest member that is not less than {@code index}, or {@link #NONE}. */
    public int atLeast(int index) {
        for (int i = 0; i < low.length; i++) {
            if (index <= high[i]) {
                return Math.max(index, low[i]);
            }
        }
        return NONE;
    }

    /** Whether it is a member. */
    public boolean contains(int index) {
        return atLeast(index) == index;
    }

    /** How many members are less than {@code end}. */
    public int countBelow(int end) {
        int count = 0;
        for (int i = 0; i < low.length && low[i] < end; i++) {
            count += Math.min(high[i], end - 1) - low[i] + 1;
        }
        return count;
    }
}
