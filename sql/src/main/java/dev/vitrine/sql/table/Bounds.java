package dev.vitrine.sql.table;

import dev.vitrine.sql.query.Query;
import java.util.List;

/** The conditions that a scan meets by reading no other rows, with the parameters of one execution. */
public final class Bounds {
    private final List<Bound> bounds;
    private final Query query;

    Bounds(List<Bound> bounds, Query query) {
        this.bounds = bounds;
        this.query = query;
    }

    /** The indices that a numeric column may have. */
    public Indices indices(int column) {
        Indices indices = Indices.ALL;
        for (Bound bound : bounds) {
            if (bound.column() == column) {
                indices = indices.and(bound.indices(query));
            }
        }
        return indices;
    }

    /** Whether a text column may have this value. */
    public boolean allows(int column, String text) {
        for (Bound bound : bounds) {
            if (bound.column() == column && !bound.texts(query).contains(text)) {
                return false;
            }
        }
        return true;
    }
}
