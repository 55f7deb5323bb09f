package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/** {@code heads}: every attention head of every run's model, and the key and value head that it reads. */
final class HeadsTable extends StoreTable {
    HeadsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.value("model", Column.Type.TEXT),
                Column.coordinate("layer", Column.Type.INTEGER),
                Column.coordinate("head", Column.Type.INTEGER),
                Column.value("kv_head", Column.Type.INTEGER));
    }

    @Override
    double rows(Run run) {
        return (double) run.model().layers() * run.model().heads();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new RunCursor(query, bounds, run -> true, 2, 3) {
            @Override
            int endOf(int level) {
                return level == 1 ? run().model().layers() : run().model().heads();
            }

            @Override
            public Object value(int column) {
                return switch (column) {
                    case 0 -> run().name();
                    case 1 -> run().model().name();
                    case 2 -> boxed(1);
                    case 3 -> boxed(2);
                    default -> boxedIndex(run().model().kvHead(at(2)));
                };
            }
        };
    }
}
