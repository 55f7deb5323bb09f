package dev.vitrine.sql.functions;

import dev.vitrine.sql.query.Vector;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** The rows of a table function as Calcite walks them. Generated code calls it. */
public final class FunctionRows {
    private FunctionRows() {}

    /** The rows, with vectors as SQL arrays. */
    public static Enumerable<@Nullable Object[]> of(Iterable<@Nullable Object[]> rows) {
        return Linq4j.asEnumerable(rows).select(FunctionRows::row);
    }

    /** No rows. */
    public static Enumerable<@Nullable Object[]> none() {
        return Linq4j.emptyEnumerable();
    }

    private static @Nullable Object[] row(@Nullable Object[] row) {
        @Nullable Object[] values = row.clone();
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof float[] vector) {
                values[i] = Vector.of(vector);
            }
        }
        return values;
    }
}
