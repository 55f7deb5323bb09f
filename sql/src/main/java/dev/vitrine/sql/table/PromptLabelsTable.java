package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code prompt_labels}: what the prompt file said of each prompt beside its text. */
final class PromptLabelsTable extends StoreTable {
    PromptLabelsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("name", Column.Type.TEXT),
                Column.value("label", Column.Type.TEXT));
    }

    @Override
    double rows(Run run) {
        return run.prompts();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new RunCursor(query, bounds, run -> true, 1, -1) {
            private List<Map.Entry<String, String>> labels = List.of();

            @Override
            boolean enter(int level) {
                super.enter(level);
                if (level == 1) {
                    labels = run().prompt(at(1)).labels().entrySet().stream()
                            .filter(label -> bounds.allows(2, label.getKey()))
                            .toList();
                }
                return true;
            }

            @Override
            int endOf(int level) {
                return level == 1 ? run().prompts() : labels.size();
            }

            @Override
            public Object value(int column) {
                return switch (column) {
                    case 0 -> run().name();
                    case 1 -> boxed(1);
                    case 2 -> labels.get(at(2)).getKey();
                    default -> labels.get(at(2)).getValue();
                };
            }
        };
    }
}
