package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code hidden_states}: the residual stream and what attention and MLP add to it, at every layer and position. */
final class HiddenStatesTable extends StoreTable {
    /** In the order of computation. */
    private static final List<HookPoint> SITES = List.of(
            HookPoint.RESID_PRE, HookPoint.ATTN_OUT, HookPoint.RESID_MID, HookPoint.MLP_OUT, HookPoint.RESID_POST);

    private static final int RUN = 0;
    private static final int SITE = 3;
    private static final int POS = 4;
    private static final int VECTOR = 5;

    HiddenStatesTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("layer", Column.Type.INTEGER),
                Column.coordinate("site", Column.Type.TEXT),
                Column.coordinate("pos", Column.Type.INTEGER),
                Column.value("vector", Column.Type.VECTOR));
    }

    @Override
    double rows(Run run) {
        long sites = SITES.stream().filter(run::has).count();
        return (double) sites * run.layers().length * run.manifest().tokens();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new Rows(query, bounds);
    }

    private static final class Rows extends RunCursor {
        private final Query query;
        private final Bounds bounds;
        private Layers layers = Layers.NONE;
        private List<HookPoint> sites = List.of();

        Rows(Query query, Bounds bounds) {
            super(query, bounds, run -> SITES.stream().anyMatch(run::has), 1, 2, -1, POS);
            this.query = query;
            this.bounds = bounds;
        }

        @Override
        void begin(Run run) {
            layers = Layers.of(run);
            sites = SITES.stream()
                    .filter(site -> run.has(site) && bounds.allows(SITE, site.label()))
                    .toList();
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
                case 3 -> sites.size();
                default -> run().tokens(at(1));
            };
        }

        @Override
        public @Nullable Object value(int column) {
            return switch (column) {
                case RUN -> run().name();
                case SITE -> sites.get(at(3)).label();
                case VECTOR -> {
                    VectorRows vectors = run().hidden(sites.get(at(3)));
                    yield Vectors.read(vectors, at(1), at(2), 0, at(4), query);
                }
                default -> boxed(column);
            };
        }
    }
}
