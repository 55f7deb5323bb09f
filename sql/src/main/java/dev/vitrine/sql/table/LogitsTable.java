package dev.vitrine.sql.table;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code logits}: what each model makes of its stored last layer, one row per position and vocabulary entry, for runs that keep
 * resid_post of the last layer of a model with a head. Computed when read, a position at a time.
 */
final class LogitsTable extends StoreTable {
    private static final int RUN = 0;
    private static final int LOGIT = 4;
    private static final int LOG_PROB = 5;

    LogitsTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("pos", Column.Type.INTEGER),
                Column.coordinate("token_id", Column.Type.INTEGER),
                Column.value("logit", Column.Type.REAL),
                Column.value("log_prob", Column.Type.REAL));
    }

    private static boolean has(Run run) {
        int last = run.model().layers() - 1;
        return run.model().hasHead()
                && run.has(HookPoint.RESID_POST)
                && run.manifest().layers().contains(last);
    }

    @Override
    double rows(Run run) {
        return has(run) ? (double) run.manifest().tokens() * run.model().vocabSize() : 0;
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new Rows(query, bounds);
    }

    private static final class Rows extends RunCursor {
        private final Query query;
        private float[] state = new float[0];
        private float[] logits = new float[0];
        private double logSum;
        private boolean computed;

        Rows(Query query, Bounds bounds) {
            super(query, bounds, LogitsTable::has, 1, 2, 3);
            this.query = query;
        }

        @Override
        void begin(Run run) {
            state = new float[run.model().dModel()];
        }

        @Override
        boolean enter(int level) {
            computed &= level == 3;
            return super.enter(level);
        }

        @Override
        int endOf(int level) {
            return switch (level) {
                case 1 -> run().prompts();
                case 2 -> run().tokens(at(1));
                default -> run().model().vocabSize();
            };
        }

        @Override
        public Object value(int column) {
            return switch (column) {
                case RUN -> run().name();
                case LOGIT -> logits()[at(3)];
                case LOG_PROB -> (float) (logits()[at(3)] - logSum);
                default -> boxed(column);
            };
        }

        private float[] logits() {
            if (!computed) {
                VectorRows last = run().hidden(HookPoint.RESID_POST);
                last.vector(at(1), run().model().layers() - 1, 0, at(2), state);
                query.count(0, state.length);
                logits = query.model(run()).logits(state, 1);
                logSum = logSumExp(logits);
                computed = true;
            }
            return logits;
        }

        /** log Σ exp(x), with the largest x taken out so that nothing overflows. */
        private static double logSumExp(float[] values) {
            double max = Double.NEGATIVE_INFINITY;
            for (float value : values) {
                max = Math.max(max, value);
            }
            double sum = 0;
            for (float value : values) {
                sum += Math.exp(value - max);
            }
            return max + Math.log(sum);
        }
    }
}
