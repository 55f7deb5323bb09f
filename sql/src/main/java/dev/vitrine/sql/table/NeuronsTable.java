package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code neurons}: what enters the output matrix of each MLP, one row per neuron and position. */
final class NeuronsTable extends StoreTable {
    private static final int RUN = 0;
    private static final int ACTIVATION = 5;

    NeuronsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("layer", Column.Type.INTEGER),
                Column.coordinate("pos", Column.Type.INTEGER),
                Column.coordinate("neuron", Column.Type.INTEGER),
                Column.value("activation", Column.Type.REAL));
    }

    @Override
    double rows(Run run) {
        double perToken = (double) run.layers().length * run.model().dMlp();
        return run.has(HookPoint.MLP_ACT) ? perToken * run.manifest().tokens() : 0;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new Rows(query, bounds);
    }

    private static final class Rows extends RunCursor {
        private final Query query;
        private Layers layers = Layers.NONE;
        private @Nullable VectorRows vectors;
        private float[] activations = new float[0];
        private boolean read;

        Rows(Query query, Bounds bounds) {
            super(query, bounds, run -> run.has(HookPoint.MLP_ACT), 1, 2, 3, 4);
            this.query = query;
        }

        @Override
        void begin(Run run) {
            layers = Layers.of(run);
            VectorRows neurons = run.neurons();
            vectors = neurons;
            activations = new float[neurons.dimension()];
        }

        @Override
        boolean enter(int level) {
            read &= level == 4;
            return super.enter(level) && (level != 2 || layers.has(at(2)));
        }

        @Override
        int endOf(int level) {
            return switch (level) {
                case 1 -> run().prompts();
                case 2 -> layers.end();
                case 3 -> run().tokens(at(1));
                default -> activations.length;
            };
        }

        @Override
        public Object value(int column) {
            return switch (column) {
                case RUN -> run().name();
                case ACTIVATION -> activation();
                default -> boxed(column);
            };
        }

        private Float activation() {
            if (!read) {
                Objects.requireNonNull(vectors).vector(at(1), at(2), 0, at(3), activations);
                query.count(0, activations.length);
                read = true;
            }
            return activations[at(4)];
        }
    }
}
