package dev.vitrine.sql.table;

import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/** {@code models}: what the models of the store's runs are, in numbers. */
final class ModelsTable extends StoreTable {
    ModelsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("model", Column.Type.TEXT),
                Column.value("source", Column.Type.TEXT),
                Column.value("architecture", Column.Type.TEXT),
                Column.value("kind", Column.Type.TEXT),
                Column.value("layers", Column.Type.INTEGER),
                Column.value("heads", Column.Type.INTEGER),
                Column.value("kv_heads", Column.Type.INTEGER),
                Column.value("d_model", Column.Type.INTEGER),
                Column.value("d_head", Column.Type.INTEGER),
                Column.value("d_mlp", Column.Type.INTEGER),
                Column.value("vocab_size", Column.Type.INTEGER),
                Column.value("max_positions", Column.Type.INTEGER),
                Column.value("norms", Column.Type.TEXT),
                Column.value("has_head", Column.Type.BOOLEAN));
    }

    @Override
    double rows(Run run) {
        return 1;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new ModelCursor(query, bounds) {
            @Override
            public Object value(int column) {
                ModelCard card = card();
                return switch (column) {
                    case 0 -> card.name();
                    case 1 -> card.source();
                    case 2 -> card.architecture();
                    case 3 -> card.kind();
                    case 4 -> card.layers();
                    case 5 -> card.heads();
                    case 6 -> card.kvHeads();
                    case 7 -> card.dModel();
                    case 8 -> card.dHead();
                    case 9 -> card.dMlp();
                    case 10 -> card.vocabSize();
                    case 11 -> card.maxPositions();
                    case 12 -> card.norms();
                    default -> card.hasHead();
                };
            }
        };
    }
}
