package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code attention}: one row per key that a query may see, with its weight. */
final class AttentionTable extends StoreTable {
    private static final int RUN = 0;
    private static final int WEIGHT = 6;

    AttentionTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("layer", Column.Type.INTEGER),
                Column.coordinate("head", Column.Type.INTEGER),
                Column.coordinate("query_pos", Column.Type.INTEGER),
                Column.coordinate("key_pos", Column.Type.INTEGER),
                Column.value("weight", Column.Type.REAL));
    }

    @Override
    double rows(Run run) {
        if (!run.has(HookPoint.ATTENTION)) {
            return 0;
        }
        double cells = 0;
        for (int prompt = 0; prompt < run.prompts(); prompt++) {
            double n = run.tokens(prompt);
            cells += run.model().causal() ? n * (n + 1) / 2 : n * n;
        }
        return cells * run.layers().length * run.model().heads();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new Rows(query, bounds);
    }

    private static final class Rows extends RunCursor {
        private final Query query;
        private Layers layers = Layers.NONE;
        private @Nullable AttentionRows rows;
        private float[] weights = new float[0];
        private boolean read;

        Rows(Query query, Bounds bounds) {
            super(query, bounds, run -> run.has(HookPoint.ATTENTION), 1, 2, 3, 4, 5);
            this.query = query;
        }

        @Override
        void begin(Run run) {
            layers = Layers.of(run);
            rows = run.attention();
            weights = new float[run.maxTokens()];
        }

        @Override
        boolean enter(int level) {
            read &= level == 5;
            return super.enter(level) && (level != 2 || layers.has(at(2)));
        }

        @Override
        int endOf(int level) {
            return switch (level) {
                case 1 -> run().prompts();
                case 2 -> layers.end();
                case 3 -> run().model().heads();
                case 4 -> run().tokens(at(1));
                default -> Objects.requireNonNull(rows).rowLength(at(1), at(4));
            };
        }

        @Override
        public Object value(int column) {
            return switch (column) {
                case RUN -> run().name();
                case WEIGHT -> weight();
                default -> boxed(column);
            };
        }

        private Float weight() {
            if (!read) {
                int length = Objects.requireNonNull(rows).row(at(1), at(2), at(3), at(4), weights);
                query.count(0, length);
                read = true;
            }
            return weights[at(5)];
        }
    }
}
