package dev.vitrine.sql.table;

import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.query.Vector;
import org.jspecify.annotations.Nullable;

/** Reads stored vectors as values of rows. */
final class Vectors {
    private Vectors() {}

    /** A vector of its own: rows may be kept, so they cannot share one array. */
    static @Nullable Vector read(VectorRows rows, int prompt, int layer, int head, int pos, Query query) {
        float[] values = new float[rows.dimension()];
        rows.vector(prompt, layer, head, pos, values);
        query.count(0, values.length);
        return Vector.of(values);
    }
}
