package dev.vitrine.udfs.mixing;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.model.WeightMatrix;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.SqlFunction;
import dev.vitrine.udfs.vector.VectorMath;

/**
 * How long the vectors are that attention moves: ‖T_ij‖ with T_ij = Σ_h A_h[i, j] f_h(x_j), summed over heads before the norm, and
 * f_h(x_j) = v_j W_O of the head, with the value bias and without the output bias. Beside it ‖T_ij + [i = j] x_i‖, the residual stream
 * included, x = resid_pre.
 *
 * <p>‖T_ij‖² = Σ_gh A_g[i, j] A_h[i, j] f_g(x_j)·f_h(x_j): the products of a token's f are taken once, so that a pair costs heads²
 * and not heads · d_model.
 */
@SqlFunction(
        name = "attention_norms",
        arguments = {"run: a run with attention, v and resid_pre", "prompt: a prompt of the run, from 0"},
        summary =
                "Length of the vector that attention carries from the key to the query, summed over heads (norm), and the same with the"
                        + " residual stream added where query and key are one token (norm_residual); not normalised over keys.",
        source =
                "Kobayashi et al. 2020 and 2021, Attention is Not Only a Weight; gorokoba560/norm-analysis-of-transformer",
        example =
                "SELECT t.query_pos, t.key_pos, t.norm FROM runs AS r, LATERAL TABLE(attention_norms(r.run, 0)) AS t WHERE t.layer = 0",
        columns = {"layer INTEGER", "query_pos INTEGER", "key_pos INTEGER", "norm DOUBLE", "norm_residual DOUBLE"})
public final class AttentionNorms {
    private AttentionNorms() {}

    public static Iterable<Object[]> rows(FunctionContext context, String run, int prompt) {
        Run source = context.run("attention_norms", run, prompt);
        TransformerModel model = context.model(source);
        source.attention();
        source.valueVectors();
        source.hidden(HookPoint.RESID_PRE);
        return () -> new Rows(context, source, model, prompt);
    }

    private static final class Rows extends TokenPairs {
        private final FunctionContext context;
        private final Run run;
        private final TransformerModel model;
        private final int prompt;
        private final int heads;
        private final int tokens;
        private final float[][] attention;

        /** [token][head · heads + head]: f_g(x_j)·f_h(x_j) below the diagonal twice, on it once, above it unused. */
        private final double[][] products;

        /** [token][head]: f_h(x_j)·x_j. */
        private final double[][] alongResidual;

        /** [token]: ‖x_j‖². */
        private final double[] residual;

        Rows(FunctionContext context, Run run, TransformerModel model, int prompt) {
            super(run.layers(), run.tokens(prompt));
            this.context = context;
            this.run = run;
            this.model = model;
            this.prompt = prompt;
            this.heads = run.model().heads();
            this.tokens = run.tokens(prompt);
            this.attention = new float[heads][tokens];
            this.products = new double[tokens][heads * heads];
            this.alongResidual = new double[tokens][heads];
            this.residual = new double[tokens];
        }

        @Override
        void beginLayer(int layer) {
            float[][][] outputs = outputs(layer);
            VectorRows values = run.valueVectors();
            VectorRows stream = run.hidden(HookPoint.RESID_PRE);
            float[] value = new float[values.dimension()];
            float[] x = new float[stream.dimension()];
            float[][] moved = new float[heads][];
            for (int token = 0; token < tokens; token++) {
                stream.vector(prompt, layer, 0, token, x);
                residual[token] = VectorMath.dot(x, x);
                for (int head = 0; head < heads; head++) {
                    values.vector(prompt, layer, run.model().kvHead(head), token, value);
                    moved[head] = product(value, outputs[head]);
                    alongResidual[token][head] = VectorMath.dot(moved[head], x);
                    for (int other = 0; other <= head; other++) {
                        double dot = VectorMath.dot(moved[head], moved[other]);
                        products[token][head * heads + other] = other < head ? 2 * dot : dot;
                    }
                }
                context.checkActive();
            }
        }

        /** W_O of each head, [d_head][d_model]. */
        private float[][][] outputs(int layer) {
            float[][][] outputs = new float[heads][][];
            for (WeightMatrix weight : model.weights()) {
                if (weight.matrix().equals("W_O") && weight.layer() == layer) {
                    float[][] rows = new float[weight.rows()][weight.columns()];
                    for (int row = 0; row < rows.length; row++) {
                        weight.row(row, rows[row]);
                    }
                    outputs[weight.head()] = rows;
                }
            }
            return outputs;
        }

        @Override
        int beginQuery(int layer, int query) {
            context.checkActive();
            for (int head = 0; head < heads; head++) {
                run.attention().row(prompt, layer, head, query, attention[head]);
            }
            return run.attention().rowLength(prompt, query);
        }

        @Override
        Object[] row(int layer, int query, int key) {
            double squares = 0;
            double along = 0;
            for (int head = 0; head < heads; head++) {
                double sum = 0;
                for (int other = 0; other <= head; other++) {
                    sum += products[key][head * heads + other] * attention[other][key];
                }
                squares += sum * attention[head][key];
                along += alongResidual[key][head] * attention[head][key];
            }
            double withResidual = query == key ? squares + 2 * along + residual[key] : squares;
            return new Object[] {layer, query, key, root(squares), root(withResidual)};
        }

        /** Rounding may leave a sum of squares just below 0. */
        private static double root(double squares) {
            return Math.sqrt(Math.max(0, squares));
        }

        private static float[] product(float[] vector, float[][] matrix) {
            float[] sum = new float[matrix[0].length];
            for (int i = 0; i < vector.length; i++) {
                float factor = vector[i];
                float[] row = matrix[i];
                for (int j = 0; j < row.length; j++) {
                    sum[j] += factor * row[j];
                }
            }
            return sum;
        }
    }
}
