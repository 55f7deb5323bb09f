package dev.vitrine.engine.store;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Eight weights at a time, whatever the processor has room for, so that sums are added in the order of {@link Statistic#SUM}. Where it has
 * no room for eight, vectors of Java's own making would be slow, and rows go the plain way; so do those that bits do not order.
 */
final class VectorRowStatistics extends PlainRowStatistics {
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_256;
    private static final boolean ROOM = FloatVector.SPECIES_PREFERRED.length() >= EIGHT.length();

    private final double[] sums = new double[WIDE.length()];

    @Override
    void take(float[] row, int length) {
        if (!ROOM || length < EIGHT.length() || !takeOrdered(row, length)) {
            super.take(row, length);
        }
    }

    /** Whether bits order the weights; if not, what was taken is void. */
    private boolean takeOrdered(float[] row, int length) {
        IntVector least = FloatVector.fromArray(EIGHT, row, 0).reinterpretAsInts();
        IntVector largest = least;
        DoubleVector low = DoubleVector.zero(WIDE);
        DoubleVector high = low;
        int i = 0;
        for (; i <= length - EIGHT.length(); i += EIGHT.length()) {
            IntVector bits = FloatVector.fromArray(EIGHT, row, i).reinterpretAsInts();
            least = least.min(bits);
            largest = largest.max(bits);
            low = low.add(widened(row, i));
            high = high.add(widened(row, i + FOUR.length()));
        }
        low.add(high).intoArray(sums, 0);
        sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        int leastBits = least.reduceLanes(VectorOperators.MIN);
        int largestBits = largest.reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            int bits = Float.floatToRawIntBits(row[i]);
            leastBits = Math.min(leastBits, bits);
            largestBits = Math.max(largestBits, bits);
            sum += row[i];
        }
        min = Float.intBitsToFloat(leastBits);
        max = Float.intBitsToFloat(largestBits);
        return areOrdered(leastBits, largestBits);
    }

    private static DoubleVector widened(float[] row, int i) {
        return (DoubleVector) FloatVector.fromArray(FOUR, row, i).convertShape(VectorOperators.F2D, WIDE, 0);
    }
}
