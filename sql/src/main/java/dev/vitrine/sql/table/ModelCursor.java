package dev.vitrine.sql.table;

import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of tables whose outermost loop is over the models of a store's runs: column 0 is {@code model}. */
abstract class ModelCursor extends CoordinateCursor {
    private final List<Run> runs;

    ModelCursor(Query query, Bounds bounds, Indices... inner) {
        super(withModels(inner));
        this.runs = runs(query).stream()
                .filter(run -> bounds.allows(0, run.model().name()))
                .toList();
    }

    /** A run of each model. Models of different folders may have the same name. */
    private static List<Run> runs(Query query) {
        Map<String, Run> first = new LinkedHashMap<>();
        query.runs().forEach(run -> first.putIfAbsent(run.model().source(), run));
        return List.copyOf(first.values());
    }

    private static Indices[] withModels(Indices[] inner) {
        Indices[] allowed = new Indices[inner.length + 1];
        allowed[0] = Indices.ALL;
        System.arraycopy(inner, 0, allowed, 1, inner.length);
        return allowed;
    }

    /** A run of this row's model. */
    final Run run() {
        return runs.get(at(0));
    }

    /** The model of this row. */
    final ModelCard card() {
        return run().model();
    }

    @Override
    final int end(int level) {
        return level == 0 ? runs.size() : endOf(level);
    }

    /** As {@link #end}, of the loops inside that over models. */
    int endOf(int level) {
        throw new IllegalStateException("no loop inside");
    }
}
