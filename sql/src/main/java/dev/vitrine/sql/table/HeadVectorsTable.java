package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code queries}, {@code keys} and {@code value_vectors}: one row per query head and position. Where several query heads share a key and
 * value head, its vector stands in the row of each.
 */
final class HeadVectorsTable extends StoreTable {
    private static final Column RUN = Column.coordinate("run", Column.Type.TEXT);
    private static final Column PROMPT = Column.coordinate("prompt", Column.Type.INTEGER);
    private static final Column LAYER = Column.coordinate("layer", Column.Type.INTEGER);
    private static final Column HEAD = Column.coordinate("head", Column.Type.INTEGER);
    private static final Column KV_HEAD = Column.value("kv_head", Column.Type.INTEGER);
    private static final Column POS = Column.coordinate("pos", Column.Type.INTEGER);
    private static final Column VECTOR = Column.value("vector", Column.Type.VECTOR);

    private final HookPoint hook;

    HeadVectorsTable(Supplier<List<Run>> runs, HookPoint hook) {
        super(runs, columns(hook));
        this.hook = hook;
    }

    private static Column[] columns(HookPoint hook) {
        return hook == HookPoint.Q
                ? new Column[] {RUN, PROMPT, LAYER, HEAD, POS, VECTOR}
                : new Column[] {RUN, PROMPT, LAYER, HEAD, KV_HEAD, POS, VECTOR};
    }

    @Override
    double rows(Run run) {
        double perToken = (double) run.layers().length * run.model().heads();
        return run.has(hook) ? perToken * run.manifest().tokens() : 0;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new Rows(query, bounds);
    }

    private final class Rows extends RunCursor {
        private final Query query;
        private Layers layers = Layers.NONE;
        private @Nullable VectorRows vectors;

        Rows(Query query, Bounds bounds) {
            super(query, bounds, run -> run.has(hook), 1, 2, 3, columns().indexOf(POS));
            this.query = query;
        }

        @Override
        void begin(Run run) {
            layers = Layers.of(run);
            vectors = switch (hook) {
                case Q -> run.queries();
                case K -> run.keys();
                default -> run.valueVectors();
            };
        }

        @Override
        boolean enter(int level) {
            return super.enter(level) && (level != 2 || layers.has(at(2)));
        }

        @Override
        int endOf(int level) {
            return switch (level) {
                case 1 -> run().prompts();
                case 2 -> layers.end();
                case 3 -> run().model().heads();
                default -> run().tokens(at(1));
            };
        }

        @Override
        public @Nullable Object value(int column) {
            Column wanted = columns().get(column);
            if (wanted.equals(VECTOR)) {
                int head = hook == HookPoint.Q ? at(3) : run().model().kvHead(at(3));
                return Vectors.read(Objects.requireNonNull(vectors), at(1), at(2), head, at(4), query);
            }
            if (wanted.equals(KV_HEAD)) {
                return boxedIndex(run().model().kvHead(at(3)));
            }
            return wanted.equals(POS) ? boxed(4) : column == 0 ? run().name() : boxed(column);
        }
    }
}
