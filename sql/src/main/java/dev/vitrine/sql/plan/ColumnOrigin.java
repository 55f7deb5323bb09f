package dev.vitrine.sql.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table column that a result's column is, unchanged; all three are empty where it is an expression. */
public record ColumnOrigin(String schema, String table, String column) {
    static final ColumnOrigin NONE = new ColumnOrigin("", "", "");

    /** From a path of three names, or null. */
    static ColumnOrigin of(@Nullable List<String> path) {
        return path == null || path.size() != 3 ? NONE : new ColumnOrigin(path.get(0), path.get(1), path.get(2));
    }
}
