package dev.vitrine.udfs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.udfs.attention.AttentionDistance;
import dev.vitrine.udfs.attention.AttentionEntropy;
import dev.vitrine.udfs.attention.PreviousTokenScore;
import dev.vitrine.udfs.correlation.WeightedCorrelation;
import dev.vitrine.udfs.induction.DuplicateTokenScore;
import dev.vitrine.udfs.induction.InductionScore;
import dev.vitrine.udfs.induction.PrefixMatchingScore;
import dev.vitrine.udfs.induction.RepeatedBlock;
import dev.vitrine.udfs.vector.VectorMath;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From token ids to a number per head, through the forward pass and the store, against the reference of the same prompts. */
class StoredHeadsTest {
    private static final float[] CONSTANTS = {0.2f, 0.4f, 0.8f, 1, 1.25f, 2.5f, 5};
    private static final int LAYERS = 3;
    private static final int HEADS = 3;

    /** A block of 5 tokens, three times. */
    private static final int REPEATED_PROMPT = 4;

    private static final int PERIOD = 5;
    private static final int COPIES = 3;

    private static final Map<String, GoldenStore> STORES = new HashMap<>();

    @BeforeAll
    static void write(@TempDir Path folder) {
        for (String family : List.of("bert", "gpt2")) {
            STORES.put(family, GoldenStore.write(folder.resolve(family), family, List.of(0, 1, 2)));
        }
    }

    @AfterAll
    static void close() {
        STORES.values().forEach(GoldenStore::close);
    }

    private static Run run(String family) {
        return requireNonNull(STORES.get(family)).store().run(family);
    }

    /** Attention of the forward pass is within 2e-5 of the reference's; entropies and distances sum up to 17 of them. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void repeatedBlockHasTheReferenceScores(String family) {
        GoldenTensors goldens = GoldenTensors.of(family);
        int start = family.equals("bert") ? 1 : 0;
        Run run = run(family);
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                Scores scores = scores(run, layer, head, start);
                int at = layer * HEADS + head;
                assertThat(InductionScore.result(scores.induction))
                        .isCloseTo(goldens.values("p4.head.induction.inrange")[at], within(2e-5));
                assertThat(DuplicateTokenScore.result(scores.duplicate))
                        .isCloseTo(goldens.values("p4.head.duplicate.inrange")[at], within(2e-5));
                assertThat(PrefixMatchingScore.result(scores.prefix))
                        .isCloseTo(goldens.values("p4.head.prefix")[at], within(4e-5));
                assertThat(PreviousTokenScore.result(scores.previous))
                        .isCloseTo(goldens.values("p4.head.previous.diagonal")[at], within(2e-5));
                assertThat(AttentionEntropy.result(scores.entropy))
                        .isCloseTo(goldens.values("p4.head.entropy")[at], within(2e-4));
                assertThat(AttentionDistance.result(scores.distance))
                        .isCloseTo(goldens.values("p4.head.distance")[at], within(1e-3));
            }
        }
    }

    private static final class Scores {
        private final RepeatedBlock induction = InductionScore.init();
        private final RepeatedBlock duplicate = DuplicateTokenScore.init();
        private final RepeatedBlock prefix = PrefixMatchingScore.init();
        private final PreviousTokenScore.State previous = PreviousTokenScore.init();
        private final AttentionEntropy.State entropy = AttentionEntropy.init();
        private final AttentionDistance.State distance = AttentionDistance.init();
    }

    private static Scores scores(Run run, int layer, int head, int start) {
        AttentionRows attention = run.attention();
        Scores scores = new Scores();
        float[] row = new float[run.tokens(REPEATED_PROMPT)];
        for (int query = 0; query < row.length; query++) {
            int length = attention.row(REPEATED_PROMPT, layer, head, query, row);
            for (int key = 0; key < length; key++) {
                AttentionEntropy.add(scores.entropy, row[key]);
                AttentionDistance.add(scores.distance, query, key, row[key]);
                PreviousTokenScore.add(scores.previous, query, key, row[key]);
                if (query - start < PERIOD * COPIES) {
                    InductionScore.add(scores.induction, query - start, key - start, row[key], PERIOD);
                    DuplicateTokenScore.add(scores.duplicate, query - start, key - start, row[key], PERIOD);
                    PrefixMatchingScore.add(scores.prefix, query - start, key - start, row[key], PERIOD);
                }
            }
        }
        return scores;
    }

    /** Queries and keys are within 1e-4 of the reference's, and a correlation divides by small variances: 1e-3. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void correlationsOfDotAndDistanceAreTheReference(String family) {
        GoldenTensors goldens = GoldenTensors.of(family);
        float[] unweighted = goldens.values("qk.correlation.unweighted");
        float[] causal = family.equals("gpt2") ? goldens.values("qk.correlation.unweighted.causal") : unweighted;
        float[] report = goldens.values("qk.correlation.report.percentile25");
        float[] thresholds = goldens.values("qk.threshold.percentile25");
        Run run = run(family);
        for (int head = 0; head < LAYERS * HEADS; head++) {
            for (int c = 0; c < CONSTANTS.length; c++) {
                int at = head * CONSTANTS.length + c;
                assertThat(meanCorrelation(run, head, CONSTANTS[c], Double.NaN, false))
                        .isCloseTo(unweighted[at], within(1e-3));
                assertThat(meanCorrelation(run, head, CONSTANTS[c], Double.NaN, family.equals("gpt2")))
                        .isCloseTo(causal[at], within(1e-3));
                assertThat(meanCorrelation(run, head, CONSTANTS[c], thresholds[at], false))
                        .isCloseTo(report[at], within(1e-3));
            }
        }
    }

    /** Mean over queries of the correlation of q·k and ‖q/c − k·c‖; with a threshold T, of keys nearer than T with weight (T − d)². */
    private static double meanCorrelation(Run run, int layerAndHead, float c, double threshold, boolean causal) {
        int layer = layerAndHead / HEADS;
        int head = layerAndHead % HEADS;
        double sum = 0;
        int rows = 0;
        for (int prompt = 0; prompt < REPEATED_PROMPT; prompt++) {
            float[][] queries = vectors(run.queries(), prompt, layer, head, run.tokens(prompt));
            float[][] keys = vectors(run.keys(), prompt, layer, head, run.tokens(prompt));
            for (int i = 0; i < queries.length; i++) {
                float[] query = queries[i];
                WeightedCorrelation.State state = WeightedCorrelation.init();
                for (int j = 0; j < (causal ? i + 1 : keys.length); j++) {
                    float[] key = keys[j];
                    double distance = VectorMath.distance(VectorMath.scale(query, 1 / c), VectorMath.scale(key, c));
                    double near = Double.isNaN(threshold) ? 1 : Math.max(0, threshold - distance);
                    WeightedCorrelation.add(state, VectorMath.dot(query, key), distance, near * near);
                }
                Double correlation = WeightedCorrelation.result(state);
                if (correlation != null) {
                    sum += correlation;
                    rows++;
                }
            }
        }
        return sum / rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void normRatiosAreTheReference(String family) {
        float[] expected = GoldenTensors.of(family).values("qk.normratio.mean");
        Run run = run(family);
        for (int head = 0; head < LAYERS * HEADS; head++) {
            double queries = 0;
            double keys = 0;
            for (int prompt = 0; prompt < REPEATED_PROMPT; prompt++) {
                int n = run.tokens(prompt);
                for (int pos = 0; pos < n; pos++) {
                    queries += VectorMath.norm(vectors(run.queries(), prompt, head / HEADS, head % HEADS, n)[pos]);
                    keys += VectorMath.norm(vectors(run.keys(), prompt, head / HEADS, head % HEADS, n)[pos]);
                }
            }
            assertThat(queries / keys).isCloseTo(expected[head], within(1e-4));
        }
    }

    private static float[][] vectors(VectorRows rows, int prompt, int layer, int head, int n) {
        float[][] vectors = new float[n][rows.dimension()];
        for (int pos = 0; pos < n; pos++) {
            rows.vector(prompt, layer, head, pos, vectors[pos]);
        }
        return vectors;
    }
}
