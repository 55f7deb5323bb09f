package dev.vitrine.udfs.mixing;

import static java.util.Objects.requireNonNull;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.SqlFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention rollout: C[l] = (mean over heads of A[l] + I) / row sum, R[0] = C[0], R[l] = C[l] · R[l − 1], newer from the left. Special
 * tokens are rows and columns like all others. One matrix is held at a time, and computed when its first row is asked for.
 */
@SqlFunction(
        name = "rollout",
        arguments = {"run: a run with attention of all layers from 0", "prompt: a prompt of the run, from 0"},
        summary =
                "Share of each input token in each position after each layer, by multiplying attention averaged over heads with the"
                        + " residual stream as equal partner; rows of one query sum to 1; in causal models only keys up to the query, others are 0.",
        source = "Abnar and Zuidema 2020, Quantifying Attention Flow in Transformers; samiraabnar/attention_flow",
        example =
                "SELECT t.key_pos, t.weight FROM runs AS r, LATERAL TABLE(rollout(r.run, 0)) AS t WHERE t.layer = 0 AND t.query_pos = 0",
        columns = {"layer INTEGER", "query_pos INTEGER", "key_pos INTEGER", "weight REAL"})
public final class Rollout {
    private Rollout() {}

    public static Iterable<Object[]> rows(FunctionContext context, String run, int prompt) {
        Run source = context.run("rollout", run, prompt);
        int[] layers = source.layers();
        if (layers[layers.length - 1] != layers.length - 1) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "rollout: run " + run + " keeps the layers " + Arrays.toString(layers)
                            + "; expected all layers from 0 on");
        }
        source.attention();
        return () -> new Rows(context, source, prompt, layers);
    }

    private static final class Rows extends TokenPairs {
        private final FunctionContext context;
        private final Run run;
        private final int prompt;
        private final int tokens;
        private @Nullable MixingMatrix rollout;

        Rows(FunctionContext context, Run run, int prompt, int[] layers) {
            super(layers, run.tokens(prompt));
            this.context = context;
            this.run = run;
            this.prompt = prompt;
            this.tokens = run.tokens(prompt);
        }

        @Override
        void beginLayer(int layer) {
            MixingMatrix mixing = MixingMatrix.withResidual(meanAttention(layer));
            rollout = rollout == null ? mixing : mixing.times(rollout, context::checkActive);
        }

        @Override
        int beginQuery(int layer, int query) {
            return requireNonNull(rollout).rowLength(query);
        }

        @Override
        Object[] row(int layer, int query, int key) {
            return new Object[] {
                layer, query, key, (float) requireNonNull(rollout).get(query, key)
            };
        }

        private double[][] meanAttention(int layer) {
            AttentionRows attention = run.attention();
            int heads = run.model().heads();
            double[][] mean = new double[tokens][];
            float[] row = new float[tokens];
            for (int i = 0; i < tokens; i++) {
                mean[i] = new double[attention.rowLength(prompt, i)];
                for (int head = 0; head < heads; head++) {
                    int length = attention.row(prompt, layer, head, i, row);
                    for (int j = 0; j < length; j++) {
                        mean[i][j] += row[j] / (double) heads;
                    }
                }
                context.checkActive();
            }
            return mean;
        }
    }
}
