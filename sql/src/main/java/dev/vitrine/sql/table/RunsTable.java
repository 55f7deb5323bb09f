package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.RunManifest;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code runs}: every extraction in the store. */
final class RunsTable extends StoreTable {
    RunsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.value("model", Column.Type.TEXT),
                Column.value("created_at", Column.Type.TIMESTAMP),
                Column.value("prompts", Column.Type.INTEGER),
                Column.value("tokens", Column.Type.BIGINT),
                Column.value("hooks", Column.Type.TEXT),
                Column.value("attention", Column.Type.TEXT),
                Column.value("bytes", Column.Type.BIGINT),
                Column.nullable("seed", Column.Type.BIGINT));
    }

    @Override
    double rows(Run run) {
        return 1;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new RunCursor(query, bounds, run -> true) {
            @Override
            int endOf(int level) {
                throw new IllegalStateException("no loop inside");
            }

            @Override
            public @Nullable Object value(int column) {
                RunManifest manifest = run().manifest();
                return switch (column) {
                    case 0 -> run().name();
                    case 1 -> manifest.model().name();
                    case 2 -> manifest.createdAt().toEpochMilli();
                    case 3 -> manifest.prompts();
                    case 4 -> manifest.tokens();
                    case 5 -> manifest.hooks().stream().map(HookPoint::label).collect(Collectors.joining(","));
                    case 6 -> manifest.attention().name().toLowerCase(Locale.ROOT);
                    case 7 -> manifest.bytes();
                    default -> manifest.seed();
                };
            }
        };
    }
}
