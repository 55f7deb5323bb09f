package dev.vitrine.sql.table;

import dev.vitrine.sql.query.Query;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** What a plan reads from a table: these columns of the rows within these bounds. Public because generated code calls it. */
public final class TableRows {
    private final StoreTable table;
    private final List<Bound> bounds;
    private final int[] columns;

    TableRows(StoreTable table, List<Bound> bounds, List<Integer> columns) {
        this.table = table;
        this.bounds = bounds;
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The rows in one execution: Object[] each, or the value itself where it is one column. */
    public Enumerable<@Nullable Object> in(DataContext root) {
        Query query = Query.of(root);
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<@Nullable Object> enumerator() {
                return new Rows(query);
            }
        };
    }

    private final class Rows implements Enumerator<@Nullable Object> {
        private static final int BETWEEN_CHECKS = 64;

        private final Query query;
        private Cursor cursor;
        private int uncounted;
        private @Nullable Object current;

        Rows(Query query) {
            this.query = query;
            this.cursor = table.open(query, new Bounds(bounds, query));
        }

        @Override
        public boolean moveNext() {
            if (uncounted == BETWEEN_CHECKS) {
                count();
                query.checkActive();
            }
            if (!cursor.next()) {
                count();
                return false;
            }
            uncounted++;
            current = columns.length == 1 ? cursor.value(columns[0]) : row();
            return true;
        }

        private @Nullable Object[] row() {
            @Nullable Object[] row = new Object[columns.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = cursor.value(columns[i]);
            }
            return row;
        }

        private void count() {
            query.count(uncounted, 0);
            uncounted = 0;
        }

        @Override
        public @Nullable Object current() {
            return current;
        }

        @Override
        public void reset() {
            cursor = table.open(query, new Bounds(bounds, query));
        }

        @Override
        public void close() {
            count();
        }
    }
}
