package dev.vitrine.sql.tensor.run;

import java.util.Arrays;

/** Component by component, so that loops run over positions, which the JIT vectorizes; sums in the order of components. */
final class PlainVectorBlock extends VectorBlock {
    private double[][] components = new double[0][0];

    @Override
    void load(float[] vectors, int n, int width) {
        if (components.length != width || (width > 0 && components[0].length < n)) {
            components = new double[width][n];
        }
        for (int d = 0; d < width; d++) {
            double[] component = components[d];
            for (int pos = 0; pos < n; pos++) {
                component[pos] = vectors[pos * width + d];
            }
        }
    }

    @Override
    public void dot(float[] a, int lo, int hi, double[] into) {
        int n = hi - lo;
        Arrays.fill(into, 0, n, 0);
        int d = 0;
        for (; d < a.length - 3; d += 4) {
            add(a[d], a[d + 1], a[d + 2], a[d + 3], components, d, lo, n, into);
        }
        for (; d < a.length; d++) {
            double factor = a[d];
            double[] component = components[d];
            for (int i = 0; i < n; i++) {
                into[i] += factor * component[lo + i];
            }
        }
    }

    private static void add(
            double a0, double a1, double a2, double a3, double[][] components, int d, int lo, int n, double[] into) {
        double[] b0 = components[d];
        double[] b1 = components[d + 1];
        double[] b2 = components[d + 2];
        double[] b3 = components[d + 3];
        for (int i = 0; i < n; i++) {
            into[i] += (a0 * b0[lo + i] + a1 * b1[lo + i]) + (a2 * b2[lo + i] + a3 * b3[lo + i]);
        }
    }

    @Override
    public void distance(float[] a, int lo, int hi, double[] into) {
        int n = hi - lo;
        Arrays.fill(into, 0, n, 0);
        for (int d = 0; d < a.length; d++) {
            double mine = a[d];
            double[] component = components[d];
            for (int i = 0; i < n; i++) {
                double difference = mine - component[lo + i];
                into[i] += difference * difference;
            }
        }
        for (int i = 0; i < n; i++) {
            into[i] = Math.sqrt(into[i]);
        }
    }
}
