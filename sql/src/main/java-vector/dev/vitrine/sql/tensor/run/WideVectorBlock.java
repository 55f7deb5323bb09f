package dev.vitrine.sql.tensor.run;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Positions in groups of four vectors: {@code [group, component, position]}. A group's sums stay in registers while the components go by.
 */
final class WideVectorBlock extends VectorBlock {
    private static final int LANES = VectorRowKernels.LANES;
    private static final int GROUP = 4 * LANES;

    private float[] groups = new float[0];
    private final double[] sums = new double[GROUP];
    private int width;

    @Override
    void load(float[] vectors, int n, int width) {
        this.width = width;
        int length = (n + GROUP - 1) / GROUP * GROUP * width;
        if (groups.length < length) {
            groups = new float[length];
        }
        Arrays.fill(groups, 0, length, 0);
        for (int pos = 0; pos < n; pos++) {
            int to = pos / GROUP * GROUP * width + pos % GROUP;
            for (int d = 0; d < width; d++) {
                groups[to + d * GROUP] = vectors[pos * width + d];
            }
        }
    }

    @Override
    public void dot(float[] a, int lo, int hi, double[] into) {
        for (int group = lo / GROUP; group * GROUP < hi; group++) {
            int from = group * GROUP;
            boolean whole = from >= lo && from + GROUP <= hi;
            dots(a, groups, from * width, whole ? into : sums, whole ? from - lo : 0);
            if (!whole) {
                take(from, lo, hi, into);
            }
        }
    }

    private static void dots(float[] a, float[] b, int at, double[] into, int to) {
        DoubleVector s0 = DoubleVector.zero(VectorRowKernels.DOUBLES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int d = 0; d < a.length; d++) {
            DoubleVector factor = DoubleVector.broadcast(VectorRowKernels.DOUBLES, a[d]);
            int i = at + d * GROUP;
            s0 = VectorRowKernels.widened(b, i).fma(factor, s0);
            s1 = VectorRowKernels.widened(b, i + LANES).fma(factor, s1);
            s2 = VectorRowKernels.widened(b, i + 2 * LANES).fma(factor, s2);
            s3 = VectorRowKernels.widened(b, i + 3 * LANES).fma(factor, s3);
        }
        s0.intoArray(into, to);
        s1.intoArray(into, to + LANES);
        s2.intoArray(into, to + 2 * LANES);
        s3.intoArray(into, to + 3 * LANES);
    }

    @Override
    public void distance(float[] a, int lo, int hi, double[] into) {
        for (int group = lo / GROUP; group * GROUP < hi; group++) {
            int from = group * GROUP;
            boolean whole = from >= lo && from + GROUP <= hi;
            distances(a, groups, from * width, whole ? into : sums, whole ? from - lo : 0);
            if (!whole) {
                take(from, lo, hi, into);
            }
        }
    }

    private static void distances(float[] a, float[] b, int at, double[] into, int to) {
        DoubleVector s0 = DoubleVector.zero(VectorRowKernels.DOUBLES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int d = 0; d < a.length; d++) {
            DoubleVector mine = DoubleVector.broadcast(VectorRowKernels.DOUBLES, a[d]);
            int i = at + d * GROUP;
            DoubleVector d0 = VectorRowKernels.widened(b, i).sub(mine);
            DoubleVector d1 = VectorRowKernels.widened(b, i + LANES).sub(mine);
            DoubleVector d2 = VectorRowKernels.widened(b, i + 2 * LANES).sub(mine);
            DoubleVector d3 = VectorRowKernels.widened(b, i + 3 * LANES).sub(mine);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        s0.sqrt().intoArray(into, to);
        s1.sqrt().intoArray(into, to + LANES);
        s2.sqrt().intoArray(into, to + 2 * LANES);
        s3.sqrt().intoArray(into, to + 3 * LANES);
    }

    /** Copies the part of a group's sums that lies in the range. */
    private void take(int from, int lo, int hi, double[] into) {
        int first = Math.max(from, lo);
        System.arraycopy(sums, first - from, into, first - lo, Math.min(from + GROUP, hi) - first);
    }
}
