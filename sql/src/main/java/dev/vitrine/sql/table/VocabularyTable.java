package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/** {@code vocabulary}: the tokens that each model knows. */
final class VocabularyTable extends StoreTable {
    VocabularyTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("model", Column.Type.TEXT),
                Column.coordinate("token_id", Column.Type.INTEGER),
                Column.value("token", Column.Type.TEXT));
    }

    @Override
    double rows(Run run) {
        return run.model().vocabSize();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new ModelCursor(query, bounds, bounds.indices(1)) {
            private List<String> tokens = List.of();

            @Override
            boolean enter(int level) {
                if (level == 0) {
                    tokens = run().vocabulary();
                }
                return true;
            }

            @Override
            int endOf(int level) {
                return tokens.size();
            }

            @Override
            public Object value(int column) {
                return switch (column) {
                    case 0 -> card().name();
                    case 1 -> boxed(1);
                    default -> tokens.get(at(1));
                };
            }
        };
    }
}
