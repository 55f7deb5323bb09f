package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold inside any model, computed here in float64 from the activations and the named weights. */
class ForwardInvariantsTest {
    private static final double TOLERANCE = 1e-4;

    static List<String> folders() throws IOException {
        return GoldenModelTest.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void attentionFollowsFromQueriesKeysAndTheRule(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            long[] ids = golden.longestPrompt();
            KeptActivations kept = KeptActivations.all(network, ids);
            for (int layer = 0; layer < network.architecture().blocks().size(); layer++) {
                check(network.architecture().blocks().get(layer).attention(), kept, layer, ids.length);
            }
        }
    }

    private static void check(Attention attention, KeptActivations kept, int layer, int n) {
        float[] q = kept.get(HookPoint.Q, layer);
        float[] k = kept.get(HookPoint.K, layer);
        float[] pattern = kept.get(HookPoint.ATTENTION, layer);
        int width = attention.headWidth();
        for (int head = 0; head < attention.heads(); head++) {
            int kvHead = head / (attention.heads() / attention.kvHeads());
            for (int query = 0; query < n; query++) {
                double[] weights = new double[n];
                double sum = 0;
                double total = 0;
                for (int key = 0; key < n; key++) {
                    double dot = 0;
                    for (int i = 0; i < width; i++) {
                        dot += (double) q[(head * n + query) * width + i] * k[(kvHead * n + key) * width + i];
                    }
                    weights[key] = Math.exp(score(attention.rule(), dot, query, key));
                    sum += weights[key];
                }
                for (int key = 0; key < n; key++) {
                    float actual = pattern[(head * n + query) * n + key];
                    assertClose(actual, weights[key] / sum, 3e-5);
                    total += actual;
                }
                assertClose(total, 1, 1e-6);
            }
        }
    }

    private static double score(AttentionRule rule, double dot, int query, int key) {
        if (rule.causal() && (key > query || (rule.window() > 0 && key <= query - rule.window()))) {
            return Double.NEGATIVE_INFINITY;
        }
        double score = rule.scale() * dot;
        return rule.softcap() == 0 ? score : rule.softcap() * Math.tanh(score / rule.softcap());
    }

    @ParameterizedTest
    @MethodSource("folders")
    void headsSumToWhatAttentionAdds(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            long[] ids = golden.longestPrompt();
            KeptActivations kept = KeptActivations.all(network, ids);
            Map<String, WeightMatrix> weights = byName(network.weights());
            for (int layer = 0; layer < network.architecture().blocks().size(); layer++) {
                Block block = network.architecture().blocks().get(layer);
                if (block.attentionOutNorm() == null) {
                    double[] sum = headSum(block.attention(), kept, weights, layer, ids.length);
                    float[] expected = kept.get(HookPoint.ATTN_OUT, layer);
                    for (int i = 0; i < sum.length; i++) {
                        assertClose(sum[i], expected[i], TOLERANCE);
                    }
                }
            }
        }
    }

    /** Σ over heads of attention · v · W_O, plus b_O: [n, d_model]. */
    private static double[] headSum(
            Attention attention, KeptActivations kept, Map<String, WeightMatrix> weights, int layer, int n) {
        float[] pattern = kept.get(HookPoint.ATTENTION, layer);
        float[] v = kept.get(HookPoint.V, layer);
        int width = attention.headWidth();
        int model = attention.output().outputs();
        double[] sum = new double[n * model];
        WeightMatrix bias = weights.get("b_O " + layer + " -1");
        float[] row = new float[model];
        if (bias != null) {
            bias.row(0, row);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] = row[i % model];
        }
        for (int head = 0; head < attention.heads(); head++) {
            int kvHead = head / (attention.heads() / attention.kvHeads());
            WeightMatrix output = Objects.requireNonNull(weights.get("W_O " + layer + " " + head));
            assertThat(output.rows()).isEqualTo(width);
            assertThat(output.columns()).isEqualTo(model);
            for (int i = 0; i < width; i++) {
                output.row(i, row);
                for (int query = 0; query < n; query++) {
                    double mixed = 0;
                    for (int key = 0; key < n; key++) {
                        mixed += (double) pattern[(head * n + query) * n + key] * v[(kvHead * n + key) * width + i];
                    }
                    for (int j = 0; j < model; j++) {
                        sum[query * model + j] += mixed * row[j];
                    }
                }
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("folders")
    void valuesAndNeuronsFollowFromNamedWeights(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            long[] ids = golden.longestPrompt();
            KeptActivations kept = KeptActivations.all(network, ids);
            Map<String, WeightMatrix> weights = byName(network.weights());
            for (int layer = 0; layer < network.architecture().blocks().size(); layer++) {
                Block block = network.architecture().blocks().get(layer);
                if (block.order() == Block.Order.POST) {
                    // Elsewhere a norm stands between the residual stream and the matrices.
                    float[] stream = kept.get(HookPoint.RESID_PRE, layer);
                    int width = block.attention().headWidth();
                    for (int head = 0; head < block.attention().heads(); head++) {
                        compare(weights, stream, "Q", layer, head, kept.get(HookPoint.Q, layer), width, ids.length);
                        compare(weights, stream, "K", layer, head, kept.get(HookPoint.K, layer), width, ids.length);
                        compare(weights, stream, "V", layer, head, kept.get(HookPoint.V, layer), width, ids.length);
                    }
                }
                if (block.mlpOutNorm() == null) {
                    float[] neurons = kept.get(HookPoint.MLP_ACT, layer);
                    float[] out = kept.get(HookPoint.MLP_OUT, layer);
                    compare(
                            weights,
                            neurons,
                            "out",
                            layer,
                            -1,
                            out,
                            block.mlp().out().outputs(),
                            ids.length);
                }
            }
        }
    }

    /** Compares x · W_name + b_name with the head's part of what the forward pass gave. */
    private static void compare(
            Map<String, WeightMatrix> weights,
            float[] x,
            String name,
            int layer,
            int head,
            float[] expected,
            int width,
            int n) {
        WeightMatrix matrix = Objects.requireNonNull(weights.get("W_" + name + " " + layer + " " + head));
        WeightMatrix bias = weights.get("b_" + name + " " + layer + " " + head);
        float[] row = new float[width];
        double[] product = new double[n * width];
        if (bias != null) {
            bias.row(0, row);
            for (int i = 0; i < product.length; i++) {
                product[i] = row[i % width];
            }
        }
        for (int input = 0; input < matrix.rows(); input++) {
            matrix.row(input, row);
            for (int position = 0; position < n; position++) {
                for (int j = 0; j < width; j++) {
                    product[position * width + j] += (double) x[position * matrix.rows() + input] * row[j];
                }
            }
        }
        int first = Math.max(head, 0) * n * width;
        for (int i = 0; i < product.length; i++) {
            assertClose(product[i], expected[first + i], TOLERANCE);
        }
    }

    /** One object per value, as AssertJ makes, would take longer than the models. */
    private static void assertClose(double actual, double expected, double tolerance) {
        if (!(Math.abs(actual - expected) <= tolerance)) {
            assertThat(actual).isCloseTo(expected, within(tolerance));
        }
    }

    private static Map<String, WeightMatrix> byName(List<WeightMatrix> weights) {
        Map<String, WeightMatrix> byName = new HashMap<>();
        for (WeightMatrix matrix : weights) {
            WeightMatrix other = byName.put(matrix.matrix() + " " + matrix.layer() + " " + matrix.head(), matrix);
            assertThat(other).as("one matrix of a name").isNull();
        }
        return byName;
    }
}
