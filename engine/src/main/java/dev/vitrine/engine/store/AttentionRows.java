package dev.vitrine.engine.store;

import java.util.Arrays;

/**
 * The attention weights of a run, one row per prompt, layer, head and query: the weights of keys 0, 1, … that the query may see, of
 * all n tokens in an encoder, up to the query's own position in a decoder. float32; a row sums to 1; keys outside of a window have
 * weight 0. Thread-safe; a call allocates nothing but on the first touch of a batch, whose checksum is verified then ({@code
 * BAD_STORE} if it differs). {@code NOT_FOUND} for a layer that the run does not keep.
 */
public abstract class AttentionRows {
    private final PromptLengths lengths;
    private final boolean causal;

    AttentionRows(PromptLengths lengths, boolean causal) {
        this.lengths = lengths;
        this.causal = causal;
    }

    /** Weights in the row of a query. */
    public final int rowLength(int prompt, int query) {
        return causal ? query + 1 : lengths.tokens(prompt);
    }

    /** Copies the row of a query to the front of {@code into} and returns its length. */
    public final int row(int prompt, int layer, int head, int query, float[] into) {
        return block(prompt, layer, head, query, query + 1, into);
    }

    /**
     * Copies the rows of queries {@code fromQuery} to {@code toQuery}, exclusive, one after the other without gaps, and returns how
     * many weights they have together.
     */
    public abstract int block(int prompt, int layer, int head, int fromQuery, int toQuery, float[] into);

    /** Copies the weights of keys {@code fromKey} to {@code toKey}, exclusive, of a query's row to the front of {@code into}. */
    public void slice(int prompt, int layer, int head, int query, int fromKey, int toKey, float[] into) {
        float[] row = new float[rowLength(prompt, query)];
        row(prompt, layer, head, query, row);
        System.arraycopy(row, fromKey, into, 0, toKey - fromKey);
    }

    /**
     * Copies one weight of each of the rows {@code fromQuery} to {@code toQuery}, exclusive: that of key {@code slope} · query +
     * {@code offset}, as a diagonal or a column of the matrix. Where a row has no such key {@code into} is left as it is.
     */
    public void line(
            int prompt, int layer, int head, int fromQuery, int toQuery, int slope, long offset, float[] into) {
        float[] row = new float[lengths.tokens(prompt)];
        for (int query = fromQuery; query < toQuery; query++) {
            long key = (long) slope * query + offset;
            if (key >= 0 && key < rowLength(prompt, query)) {
                row(prompt, layer, head, query, row);
                into[query - fromQuery] = row[(int) key];
            }
        }
    }

    /**
     * Copies a statistic of the rows of queries {@code fromQuery} to {@code toQuery}, exclusive, to the front of {@code into}. NaN where
     * it is not known: of weights that are derived, and in runs that were written before it was kept.
     */
    public void statistics(
            Statistic statistic, int prompt, int layer, int head, int fromQuery, int toQuery, double[] into) {
        Arrays.fill(into, 0, Math.max(0, toQuery - fromQuery), Double.NaN);
    }

    /** A statistic of all rows of a head; NaN where it is not known. */
    public double statistic(Statistic statistic, int prompt, int layer, int head) {
        return Double.NaN;
    }
}
