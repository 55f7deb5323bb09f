package dev.vitrine.sql.tensor.run;

/** The vectors of all positions of a head, and what one vector makes with a range of them. Sums are in double. One thread. */
public abstract class VectorBlock {
    private float[] read = new float[0];
    private double[] squares = new double[0];

    /** Loads the vectors of positions {@code [0, n)}, of {@code width} numbers each. */
    public final void load(RunTensors.Vectors vectors, int prompt, int layer, int head, int n, int width) {
        if (read.length < n * width) {
            read = new float[n * width];
        }
        vectors.read(prompt, layer, head, 0, n, read);
        load(read, n, width);
        if (squares.length < n) {
            squares = new double[n];
        }
        for (int pos = 0; pos < n; pos++) {
            double sum = 0;
            for (int i = pos * width; i < (pos + 1) * width; i++) {
                sum += (double) read[i] * read[i];
            }
            squares[pos] = sum;
        }
    }

    /** Takes the vectors over, {@code [n, width]} row-major. */
    abstract void load(float[] vectors, int n, int width);

    /** a · b for the vectors b of positions {@code [lo, hi)}. */
    public abstract void dot(float[] a, int lo, int hi, double[] into);

    /** ‖a − b‖ for the vectors b of positions {@code [lo, hi)}. */
    public abstract void distance(float[] a, int lo, int hi, double[] into);

    /** ‖a‖ ‖b‖ for the vectors b of positions {@code [lo, hi)}. */
    public final void norms(float[] a, int lo, int hi, double[] into) {
        double sum = 0;
        for (float each : a) {
            sum += (double) each * each;
        }
        double norm = Math.sqrt(sum);
        for (int i = 0; i < hi - lo; i++) {
            into[i] = norm * Math.sqrt(squares[lo + i]);
        }
    }
}
