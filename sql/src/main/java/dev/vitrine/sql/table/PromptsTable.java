package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/** {@code prompts}: the texts that went in. */
final class PromptsTable extends StoreTable {
    PromptsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.value("text", Column.Type.TEXT),
                Column.value("tokens", Column.Type.INTEGER));
    }

    @Override
    double rows(Run run) {
        return run.prompts();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new RunCursor(query, bounds, run -> true, 1) {
            @Override
            int endOf(int level) {
                return run().prompts();
            }

            @Override
            public Object value(int column) {
                return switch (column) {
                    case 0 -> run().name();
                    case 1 -> boxed(1);
                    case 2 -> run().prompt(at(1)).text();
                    default -> boxedIndex(run().tokens(at(1)));
                };
            }
        };
    }
}
