package dev.vitrine.udfs.mixing;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Rows of a table function on pairs of tokens: layer by layer, query by query, key by key. What a layer needs is made at its first row. */
abstract class TokenPairs implements Iterator<Object[]> {
    private final int[] layers;
    private final int tokens;
    private int next;
    private int query;
    private int key;
    private int keys;

    /** @param layers ascending */
    TokenPairs(int[] layers, int tokens) {
        this.layers = layers;
        this.tokens = tokens;
        this.query = tokens;
    }

    /** Makes ready for the queries of a layer. */
    abstract void beginLayer(int layer);

    /** Makes ready for the keys of a query; returns how many it has. */
    abstract int beginQuery(int layer, int query);

    abstract Object[] row(int layer, int query, int key);

    @Override
    public final boolean hasNext() {
        return next < layers.length || query < tokens;
    }

    @Override
    public final Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (query == tokens) {
            query = 0;
            beginLayer(layers[next++]);
        }
        int layer = layers[next - 1];
        if (key == 0) {
            keys = beginQuery(layer, query);
        }
        Object[] row = row(layer, query, key);
        if (++key == keys) {
            key = 0;
            query++;
        }
        return row;
    }
}
