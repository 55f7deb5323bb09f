package dev.vitrine.sql.table;

import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.WeightMatrix;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.query.Vector;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code weights}: every matrix of every model, one row of it per row; layer and head are NULL where a matrix belongs to none. */
final class WeightsTable extends StoreTable {
    private static final int MATRIX = 1;
    private static final int LAYER = 2;
    private static final int HEAD = 3;
    private static final int ROW = 4;

    WeightsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("model", Column.Type.TEXT),
                Column.coordinate("matrix", Column.Type.TEXT),
                new Column("layer", Column.Type.INTEGER, true, true),
                new Column("head", Column.Type.INTEGER, true, true),
                Column.coordinate("row_index", Column.Type.INTEGER),
                Column.value("vector", Column.Type.VECTOR));
    }

    /** Embedding, four projections per head, and the MLP: an estimate, which does not open the model. */
    @Override
    double rows(Run run) {
        ModelCard card = run.model();
        double perLayer = 4.0 * card.heads() * card.dModel() + card.dModel() + card.dMlp();
        return card.vocabSize() + card.layers() * perLayer;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new ModelCursor(query, bounds, Indices.ALL, bounds.indices(ROW)) {
            private final Indices layers = bounds.indices(LAYER);
            private final Indices heads = bounds.indices(HEAD);
            private List<WeightMatrix> matrices = List.of();

            @Override
            boolean enter(int level) {
                if (level == 0) {
                    matrices = query.model(run()).weights().stream()
                            .filter(each -> bounds.allows(MATRIX, each.matrix())
                                    && in(layers, each.layer())
                                    && in(heads, each.head()))
                            .toList();
                }
                return true;
            }

            /** A matrix without a layer is in the rows only where there is no condition on layers. */
            private boolean in(Indices indices, int index) {
                return index < 0 ? indices == Indices.ALL : indices.contains(index);
            }

            @Override
            int endOf(int level) {
                return level == 1 ? matrices.size() : matrices.get(at(1)).rows();
            }

            @Override
            public @Nullable Object value(int column) {
                WeightMatrix matrix = matrices.get(at(1));
                return switch (column) {
                    case 0 -> card().name();
                    case MATRIX -> matrix.matrix();
                    case LAYER -> matrix.layer() < 0 ? null : boxedIndex(matrix.layer());
                    case HEAD -> matrix.head() < 0 ? null : boxedIndex(matrix.head());
                    case ROW -> boxed(2);
                    default -> {
                        float[] row = new float[matrix.columns()];
                        matrix.row(at(2), row);
                        query.count(0, row.length);
                        yield Vector.of(row);
                    }
                };
            }
        };
    }
}
