package dev.vitrine.udfs.mixing;

/**
 * How much each token (row) holds of each earlier one (column). Row i has the columns 0 to its length − 1 and zeros beyond: a causal
 * model's rows end at the diagonal, which spares five sixths of a product.
 */
final class MixingMatrix {
    private final double[][] rows;

    private MixingMatrix(double[][] rows) {
        this.rows = rows;
    }

    /**
     * (A + I) / row sum: attention averaged over heads, with the residual stream as equal partner.
     *
     * @param attention rows [n] that reach at least to the diagonal; taken over and changed
     */
    static MixingMatrix withResidual(double[][] attention) {
        for (int i = 0; i < attention.length; i++) {
            double[] row = attention[i];
            row[i] += 1;
            double sum = 0;
            for (double weight : row) {
                sum += weight;
            }
            for (int j = 0; j < row.length; j++) {
                row[j] /= sum;
            }
        }
        return new MixingMatrix(attention);
    }

    /** This matrix · the older one: what passes through both layers. {@code betweenRows} runs after each row and may throw. */
    MixingMatrix times(MixingMatrix older, Runnable betweenRows) {
        double[][] product = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            product[i] = older.combine(rows[i]);
            betweenRows.run();
        }
        return new MixingMatrix(product);
    }

    /** Σ weights[k] · row k. The loop over j has no dependency between its steps, so the compiler vectorises it. */
    private double[] combine(double[] weights) {
        int length = 0;
        for (int k = 0; k < weights.length; k++) {
            length = Math.max(length, rows[k].length);
        }
        double[] sum = new double[length];
        for (int k = 0; k < weights.length; k++) {
            double weight = weights[k];
            double[] row = rows[k];
            for (int j = 0; j < row.length; j++) {
                sum[j] += weight * row[j];
            }
        }
        return sum;
    }

    int rowLength(int row) {
        return rows[row].length;
    }

    double get(int row, int column) {
        return rows[row][column];
    }
}
