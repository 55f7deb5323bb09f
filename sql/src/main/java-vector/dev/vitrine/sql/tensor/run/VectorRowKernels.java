package dev.vitrine.sql.tensor.run;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The processor's vectors: as many float64 numbers at once as it has room for; what is left of a row goes one by one. */
final class VectorRowKernels extends RowKernels {
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = DOUBLES.length();
    static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(LANES * Float.SIZE));
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(LANES * Integer.SIZE));

    private static final VectorSpecies<Long> LONGS =
            VectorSpecies.of(long.class, VectorShape.forBitSize(LANES * Long.SIZE));

    private static final long FRACTION = (1L << 52) - 1;
    private static final long ONE = 1023L << 52;
    private static final long ROOT_OF_HALF = Double.doubleToRawLongBits(Math.sqrt(0.5));
    /** 2⁵², whose lowest bits count ones, and beyond the exponents' offset of 1023. */
    private static final long UNITS = 1075L << 52;

    private static final double UNITS_AND_OFFSET = (double) (1L << 52) + 1023;

    /** Lane numbers: 0, 1, 2, ... */
    private static final double[] COUNT = new double[LANES];

    static {
        for (int i = 0; i < LANES; i++) {
            COUNT[i] = i;
        }
    }

    /** The numbers from {@code x[i]} on, exactly. */
    static DoubleVector widened(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, x, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    @Override
    public double sum(float[] x, int n) {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = a.add(widened(x, i));
            b = b.add(widened(x, i + LANES));
        }
        for (; i <= n - LANES; i += LANES) {
            a = a.add(widened(x, i));
        }
        double sum = a.add(b).reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += x[i];
        }
        return sum;
    }

    @Override
    public double sumTimesSteps(float[] x, int n, int first, int step) {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        IntVector at = IntVector.zero(INTS).addIndex(1).mul(step).add(first);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector factor = (FloatVector) at.convertShape(VectorOperators.I2F, FLOATS, 0);
            FloatVector product = FloatVector.fromArray(FLOATS, x, i).mul(factor);
            a = a.add(product.convertShape(VectorOperators.F2D, DOUBLES, 0));
            at = at.add(LANES * step);
        }
        double sum = a.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += x[i] * (float) (first + step * i);
        }
        return sum;
    }

    @Override
    public double sumXLnX(float[] x, int n) {
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector a = zero;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector all = widened(x, i);
            DoubleVector positive = zero.blend(all, all.compare(VectorOperators.GT, 0));
            a = positive.fma(logarithm(positive), a);
        }
        double sum = a.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += x[i] > 0 ? x[i] * NaturalLogarithm.of(x[i]) : 0;
        }
        return sum;
    }

    /**
     * ln x of normal numbers, and something finite for 0 and infinity: x = 2ᵉ·m with m from √½ to √2, and with s = (m − 1) / (m + 1),
     * ln x = e·ln 2 + 2s + s³·P(s²), where P is the polynomial of degree 6 whose largest error is least, below 2·10⁻¹⁸ of the logarithm.
     */
    static DoubleVector logarithm(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs().add(ONE - ROOT_OF_HALF);
        DoubleVector exponent = bits.lanewise(VectorOperators.LSHR, 52)
                .lanewise(VectorOperators.OR, UNITS)
                .reinterpretAsDoubles()
                .sub(UNITS_AND_OFFSET);
        DoubleVector m =
                bits.lanewise(VectorOperators.AND, FRACTION).add(ROOT_OF_HALF).reinterpretAsDoubles();
        DoubleVector s = m.sub(1).div(m.add(1));
        DoubleVector square = s.mul(s);
        DoubleVector p = square.mul(0.1479477803277223)
                .add(0.15314176062825466)
                .fma(square, DoubleVector.broadcast(DOUBLES, 0.18183559004798952))
                .fma(square, DoubleVector.broadcast(DOUBLES, 0.22222198686098457))
                .fma(square, DoubleVector.broadcast(DOUBLES, 0.2857142874114456))
                .fma(square, DoubleVector.broadcast(DOUBLES, 0.3999999999942124))
                .fma(square, DoubleVector.broadcast(DOUBLES, 0.6666666666666733));
        DoubleVector rest = p.mul(square).mul(s);
        return exponent.mul(NaturalLogarithm.LN_2).add(s.add(s).add(rest));
    }

    @Override
    public long countPositive(float[] x, int n) {
        long count = 0;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            count += FloatVector.fromArray(FLOATS, x, i)
                    .compare(VectorOperators.GT, 0)
                    .trueCount();
        }
        for (; i < n; i++) {
            count += x[i] > 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public void addGroups(float[] x, int n, long[] counts, double[] sums, int at) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            LongVector.fromArray(LONGS, counts, at + i).add(1).intoArray(counts, at + i);
            DoubleVector.fromArray(DOUBLES, sums, at + i).add(widened(x, i)).intoArray(sums, at + i);
        }
        for (; i < n; i++) {
            counts[at + i]++;
            sums[at + i] += x[i];
        }
    }

    /** Without branches: which cells pass is hard to foresee. */
    @Override
    public void addGroupsFrom(float[] x, int n, float least, long[] counts, double[] sums, int at) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector cells = widened(x, i);
            VectorMask<Double> pass = cells.compare(VectorOperators.GE, least);
            LongVector.fromArray(LONGS, counts, at + i).add(1, pass.cast(LONGS)).intoArray(counts, at + i);
            DoubleVector.fromArray(DOUBLES, sums, at + i).add(cells, pass).intoArray(sums, at + i);
        }
        for (; i < n; i++) {
            if (x[i] >= least) {
                counts[at + i]++;
                sums[at + i] += x[i];
            }
        }
    }

    @Override
    public boolean anyNegative(float[] x, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            if (FloatVector.fromArray(FLOATS, x, i)
                    .compare(VectorOperators.LT, 0)
                    .anyTrue()) {
                return true;
            }
        }
        boolean any = false;
        for (; i < n; i++) {
            any |= x[i] < 0;
        }
        return any;
    }

    @Override
    public void moments(float[] x, int n, double[] into) {
        double first = x[0];
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector at = DoubleVector.fromArray(DOUBLES, COUNT, 0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector d = widened(x, i).sub(first);
            a = a.add(d);
            b = d.fma(d, b);
            c = d.fma(at, c);
            at = at.add(LANES);
        }
        double sum = a.reduceLanes(VectorOperators.ADD);
        double squares = b.reduceLanes(VectorOperators.ADD);
        double products = c.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            double d = x[i] - first;
            sum += d;
            squares += d * d;
            products += d * i;
        }
        into[0] = sum;
        into[1] = squares;
        into[2] = products;
    }

    @Override
    public void moments(double[] x, int n, double[] into) {
        double first = x[0];
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector at = DoubleVector.fromArray(DOUBLES, COUNT, 0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector d = DoubleVector.fromArray(DOUBLES, x, i).sub(first);
            a = a.add(d);
            b = d.fma(d, b);
            c = d.fma(at, c);
            at = at.add(LANES);
        }
        double sum = a.reduceLanes(VectorOperators.ADD);
        double squares = b.reduceLanes(VectorOperators.ADD);
        double products = c.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            double d = x[i] - first;
            sum += d;
            squares += d * d;
            products += d * i;
        }
        into[0] = sum;
        into[1] = squares;
        into[2] = products;
    }

    @Override
    public VectorBlock block() {
        return new WideVectorBlock();
    }
}
