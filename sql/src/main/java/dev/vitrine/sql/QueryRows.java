package dev.vitrine.sql;

import dev.vitrine.sql.plan.CompiledQuery;
import dev.vitrine.sql.query.Query;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** The rows of one execution as a result set takes them; closing ends the execution. */
final class QueryRows implements Iterator<@Nullable Object>, AutoCloseable {
    private final Query query;
    private final List<ColumnMetaData> columns;
    private final boolean arrays;
    private Enumerator<@Nullable Object> rows;
    private long left;
    private boolean ahead;

    /** @param most rows to give at most; 0 for all */
    QueryRows(CompiledQuery statement, Query query, List<ColumnMetaData> columns, long most) {
        this.query = query;
        this.columns = columns;
        this.arrays = columns.stream().anyMatch(QueryRows::isArray);
        this.rows = begin(statement, query);
        this.left = most == 0 ? Long.MAX_VALUE : most;
    }

    /** An execution that fails before its first row ends here, for nobody gets these rows to close them. */
    private static Enumerator<@Nullable Object> begin(CompiledQuery statement, Query query) {
        boolean begun = false;
        try {
            Enumerator<@Nullable Object> rows = statement.rows(query);
            begun = true;
            return rows;
        } finally {
            if (!begun) {
                query.close();
            }
        }
    }

    @Override
    public boolean hasNext() {
        if (!ahead && left > 0) {
            ahead = rows.moveNext();
            left = ahead ? left - 1 : 0;
        }
        return ahead;
    }

    @Override
    public @Nullable Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ahead = false;
        Object row = rows.current();
        return arrays ? withArrays(row) : row;
    }

    private @Nullable Object withArrays(@Nullable Object row) {
        if (columns.size() == 1) {
            return array(row, 0);
        }
        @Nullable Object[] values = ((@Nullable Object[]) Objects.requireNonNull(row)).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = array(values[i], i);
        }
        return values;
    }

    private @Nullable Object array(@Nullable Object value, int column) {
        return value instanceof List<?> list && columns.get(column).type instanceof ColumnMetaData.ArrayType type
                ? new ListArray(list, type.getComponent())
                : value;
    }

    private static boolean isArray(ColumnMetaData column) {
        return column.type instanceof ColumnMetaData.ArrayType;
    }

    /** Lets go of what the rows are made of, for a client may keep a result set that it has closed. */
    @Override
    public void close() {
        try {
            rows.close();
        } finally {
            rows = Linq4j.emptyEnumerator();
            query.close();
        }
    }
}
