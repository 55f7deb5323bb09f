package dev.vitrine.engine.model;

import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * A named matrix of a model, read from the mapped file. Names and orientation are TransformerLens's, so that a row vector is multiplied
 * from the left: {@code W_Q} of a head is [d_model, d_head], {@code W_O} [d_head, d_model], {@code W_in} [d_model, d_mlp]. A bias is a
 * matrix of one row. Values are the file's, widened to float32; no norm is folded in. Safe for use from several threads, as long as the
 * model is open.
 */
public final class WeightMatrix {
    private final String matrix;
    private final int layer;
    private final int head;
    private final int rows;
    private final int columns;
    private final FloatBuffer values;
    private final int first;
    private final int rowStride;
    private final int columnStride;

    WeightMatrix(
            String matrix,
            int layer,
            int head,
            int rows,
            int columns,
            FloatBuffer values,
            int first,
            int rowStride,
            int columnStride) {
        this.matrix = matrix;
        this.layer = layer;
        this.head = head;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.first = first;
        this.rowStride = rowStride;
        this.columnStride = columnStride;
    }

    /** The name, e.g. {@code W_Q}. */
    public String matrix() {
        return matrix;
    }

    /** The layer from 0; -1 for what the whole model has once. */
    public int layer() {
        return layer;
    }

    /** The head from 0, a key and value head for {@code W_K} and {@code W_V}; -1 for what a layer has once. */
    public int head() {
        return head;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Values per row. */
    public int columns() {
        return columns;
    }

    /** Copies a row to the beginning of an array of at least {@link #columns} values. */
    public void row(int index, float[] into) {
        Objects.checkIndex(index, rows);
        int from = first + index * rowStride;
        if (columnStride == 1) {
            values.get(from, into, 0, columns);
            return;
        }
        for (int column = 0; column < columns; column++) {
            into[column] = values.get(from + column * columnStride);
        }
    }
}
