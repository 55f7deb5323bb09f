package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** The schema {@code vitrine}: every table of a store. */
public final class StoreSchema extends AbstractSchema {
    private final Map<String, Table> tables = new TreeMap<>();

    /** The tables of that store. */
    public StoreSchema(Store store) {
        this(store::runs);
    }

    /** The tables of those runs, as they are when a statement begins. */
    public StoreSchema(Supplier<List<Run>> runs) {
        tables.put("models", new ModelsTable(runs));
        tables.put("runs", new RunsTable(runs));
        tables.put("prompts", new PromptsTable(runs));
        tables.put("prompt_labels", new PromptLabelsTable(runs));
        tables.put("tokens", new TokensTable(runs));
        tables.put("vocabulary", new VocabularyTable(runs));
        tables.put("heads", new HeadsTable(runs));
        tables.put("queries", new HeadVectorsTable(runs, HookPoint.Q));
        tables.put("keys", new HeadVectorsTable(runs, HookPoint.K));
        tables.put("value_vectors", new HeadVectorsTable(runs, HookPoint.V));
        tables.put("attention", new AttentionTable(runs));
        tables.put("hidden_states", new HiddenStatesTable(runs));
        tables.put("neurons", new NeuronsTable(runs));
        tables.put("logits", new LogitsTable(runs));
        tables.put("weights", new WeightsTable(runs));
    }

    @Override
    public boolean isMutable() {
        return false;
    }

    @Override
    protected Map<String, Table> getTableMap() {
        return tables;
    }
}
