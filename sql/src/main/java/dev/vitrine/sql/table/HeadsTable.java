package dev.vitrine.sql.table;

import dev.vitrine.engine.model.AttentionRule;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code heads}: every attention head of every run's model, the key and value head that it reads, and how its attention follows from
 * queries and keys: softmax over the keys seen of softcap · tanh(scale · q·k / softcap), or of scale · q·k where softcap is NULL. Keys
 * seen are those up to the query where causal, and of these the last window_size, where that is not NULL.
 */
final class HeadsTable extends StoreTable {
    HeadsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.value("model", Column.Type.TEXT),
                Column.coordinate("layer", Column.Type.INTEGER),
                Column.coordinate("head", Column.Type.INTEGER),
                Column.value("kv_head", Column.Type.INTEGER),
                Column.value("scale", Column.Type.DOUBLE),
                Column.value("causal", Column.Type.BOOLEAN),
                Column.nullable("window_size", Column.Type.INTEGER),
                Column.nullable("softcap", Column.Type.DOUBLE));
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
            public @Nullable Object value(int column) {
                AttentionRule rule = run().model().attention().get(at(1));
                return switch (column) {
                    case 0 -> run().name();
                    case 1 -> run().model().name();
                    case 2 -> boxed(1);
                    case 3 -> boxed(2);
                    case 4 -> boxedIndex(run().model().kvHead(at(2)));
                    case 5 -> rule.scale();
                    case 6 -> rule.causal();
                    case 7 -> rule.window() == 0 ? null : rule.window();
                    default -> rule.softcap() == 0 ? null : rule.softcap();
                };
            }
        };
    }
}
