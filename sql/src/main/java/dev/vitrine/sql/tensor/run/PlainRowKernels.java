package dev.vitrine.sql.tensor.run;

/** Plain Java: four sums side by side where additions would wait for each other. */
final class PlainRowKernels extends RowKernels {
    private final RowLogarithms logarithms = new RowLogarithms();
    private double[] row = new double[0];

    @Override
    public double sum(float[] x, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < n; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }

    @Override
    public double sumTimesSteps(float[] x, int n, int first, int step) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            int at = first + step * i;
            a += x[i] * (float) at;
            b += x[i + 1] * (float) (at + step);
            c += x[i + 2] * (float) (at + 2 * step);
            d += x[i + 3] * (float) (at + 3 * step);
        }
        for (; i < n; i++) {
            a += x[i] * (float) (first + step * i);
        }
        return (a + b) + (c + d);
    }

    @Override
    public double sumXLnX(float[] x, int n) {
        if (row.length < n) {
            row = new double[Math.max(n, 2 * row.length)];
        }
        logarithms.of(x, n, row);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            a += x[i] > 0 ? x[i] * row[i] : 0;
            b += x[i + 1] > 0 ? x[i + 1] * row[i + 1] : 0;
            c += x[i + 2] > 0 ? x[i + 2] * row[i + 2] : 0;
            d += x[i + 3] > 0 ? x[i + 3] * row[i + 3] : 0;
        }
        for (; i < n; i++) {
            a += x[i] > 0 ? x[i] * row[i] : 0;
        }
        return (a + b) + (c + d);
    }

    @Override
    public long countPositive(float[] x, int n) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += x[i] > 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public void addGroups(float[] x, int n, long[] counts, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            counts[at + i]++;
        }
        for (int i = 0; i < n; i++) {
            sums[at + i] += x[i];
        }
    }

    @Override
    public void addGroupsFrom(float[] x, int n, float least, long[] counts, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            if (x[i] >= least) {
                counts[at + i]++;
                sums[at + i] += x[i];
            }
        }
    }

    @Override
    public boolean anyNegative(float[] x, int n) {
        boolean any = false;
        for (int i = 0; i < n; i++) {
            any |= x[i] < 0;
        }
        return any;
    }

    @Override
    public void moments(float[] x, int n, double[] into) {
        double first = x[0];
        double a0 = 0;
        double a1 = 0;
        double b0 = 0;
        double b1 = 0;
        double c0 = 0;
        double c1 = 0;
        double at = 0;
        int i = 0;
        for (; i < n - 1; i += 2) {
            double d0 = x[i] - first;
            double d1 = x[i + 1] - first;
            a0 += d0;
            a1 += d1;
            b0 += d0 * d0;
            b1 += d1 * d1;
            c0 += d0 * at;
            c1 += d1 * (at + 1);
            at += 2;
        }
        if (i < n) {
            double d = x[i] - first;
            a0 += d;
            b0 += d * d;
            c0 += d * at;
        }
        into[0] = a0 + a1;
        into[1] = b0 + b1;
        into[2] = c0 + c1;
    }

    @Override
    public void moments(double[] x, int n, double[] into) {
        double first = x[0];
        double a0 = 0;
        double a1 = 0;
        double b0 = 0;
        double b1 = 0;
        double c0 = 0;
        double c1 = 0;
        double at = 0;
        int i = 0;
        for (; i < n - 1; i += 2) {
            double d0 = x[i] - first;
            double d1 = x[i + 1] - first;
            a0 += d0;
            a1 += d1;
            b0 += d0 * d0;
            b1 += d1 * d1;
            c0 += d0 * at;
            c1 += d1 * (at + 1);
            at += 2;
        }
        if (i < n) {
            double d = x[i] - first;
            a0 += d;
            b0 += d * d;
            c0 += d * at;
        }
        into[0] = a0 + a1;
        into[1] = b0 + b1;
        into[2] = c0 + c1;
    }

    @Override
    public VectorBlock block() {
        return new PlainVectorBlock();
    }
}
