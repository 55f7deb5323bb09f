package dev.vitrine.engine.store;

/**
 * Floats from 0 to infinity, as weights are, stand in the order of their bits as integers, whose least and largest a core finds in half
 * the time; a sign or a NaN shows in them, and such a row goes the long way.
 */
class PlainRowStatistics extends RowStatistics {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    @Override
    void take(float[] row, int length) {
        int least = least(row, length);
        int largest = largest(row, length);
        boolean ordered = areOrdered(least, largest);
        min = ordered ? Float.intBitsToFloat(least) : Statistic.MIN.of(row, length);
        max = ordered ? Float.intBitsToFloat(largest) : Statistic.MAX.of(row, length);
        sum = Statistic.SUM.of(row, length);
    }

    /** Whether floats with bits from the least to the largest stand in the order of these. */
    static boolean areOrdered(int least, int largest) {
        return least >= 0 && largest <= INFINITY;
    }

    /** In four minima side by side, so that none waits for the one before. */
    private static int least(float[] row, int length) {
        int least0 = Float.floatToRawIntBits(row[0]);
        int least1 = least0;
        int least2 = least0;
        int least3 = least0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            least0 = Math.min(least0, Float.floatToRawIntBits(row[i]));
            least1 = Math.min(least1, Float.floatToRawIntBits(row[i + 1]));
            least2 = Math.min(least2, Float.floatToRawIntBits(row[i + 2]));
            least3 = Math.min(least3, Float.floatToRawIntBits(row[i + 3]));
        }
        for (; i < length; i++) {
            least0 = Math.min(least0, Float.floatToRawIntBits(row[i]));
        }
        return Math.min(Math.min(least0, least1), Math.min(least2, least3));
    }

    private static int largest(float[] row, int length) {
        int largest0 = Float.floatToRawIntBits(row[0]);
        int largest1 = largest0;
        int largest2 = largest0;
        int largest3 = largest0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            largest0 = Math.max(largest0, Float.floatToRawIntBits(row[i]));
            largest1 = Math.max(largest1, Float.floatToRawIntBits(row[i + 1]));
            largest2 = Math.max(largest2, Float.floatToRawIntBits(row[i + 2]));
            largest3 = Math.max(largest3, Float.floatToRawIntBits(row[i + 3]));
        }
        for (; i < length; i++) {
            largest0 = Math.max(largest0, Float.floatToRawIntBits(row[i]));
        }
        return Math.max(Math.max(largest0, largest1), Math.max(largest2, largest3));
    }
}
