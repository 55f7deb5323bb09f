package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read, number for number. */
@Tag("vector")
class RunRoundTripTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "encoder, 1, 1, 1, 1, 1, 1",
        "decoder, 1, 1, 1, 1, 1, 1",
        "encoder, 2, 3, 3, 13, 5, 7",
        "decoder, 3, 6, 2, 11, 3, 17",
    })
    void everyNumberComesBack(String kind, int layers, int heads, int kvHeads, int dModel, int dHead, int dMlp) {
        ModelCard model = SyntheticRun.card(kind, layers, heads, kvHeads, dModel, dHead, dMlp);
        int[] lengths = {1, 2, 7, 1, 29, 3};
        SyntheticRun.write(folder, SyntheticRun.plan("run", model), lengths);
        try (Store store = Store.open(folder)) {
            checkEverything(store.run("run"), lengths);
        }
    }

    @Test
    void promptsTooLongToShareABatchHaveTheirOwn() {
        ModelCard model = SyntheticRun.card("decoder", 3, 4, 2, 24, 8, 2600);
        int[] lengths = {3, 700, 5, 900, 2};
        SyntheticRun.write(folder, SyntheticRun.plan("run", model), lengths);
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            checkEverything(run, lengths);
            // attention: a layer of the 700-token prompt has 3.7 MiB, so that two share a batch, of the 900-token
            // prompt 6.2 MiB.
            assertThat(batches(run, "attention.arrow")).isEqualTo(1 + 2 + 1 + 3 + 1);
            // neurons: a layer of the 700-token prompt has 6.9 MiB, of the 900-token prompt 8.9 MiB.
            assertThat(batches(run, "neurons.arrow")).isEqualTo(1 + 3 + 1 + 3 + 1);
            assertThat(batches(run, "queries.arrow")).isEqualTo(1);
        }
    }

    @Test
    void manyShortPromptsShareBatches() {
        ModelCard model = SyntheticRun.card("encoder", 1, 2, 2, 4, 2, 3);
        int[] lengths = new int[2000];
        Arrays.setAll(lengths, i -> 1 + i % 5);
        SyntheticRun.write(folder, SyntheticRun.plan("run", model), lengths);
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            checkEverything(run, lengths);
            assertThat(run.manifest().files())
                    .allSatisfy(file -> assertThat(file.batches()).hasSizeLessThanOrEqualTo(1));
        }
    }

    /** n (n + 1) / 2 weights of four bytes each: 805,248,580 and, of one token more, 805,328,844. A batch holds 805,306,368. */
    @Test
    void aHeadWhoseAttentionNoBatchHoldsIsRefused() {
        RunPlan plan = SyntheticRun.plan("run", SyntheticRun.card("decoder", 1, 1, 1, 1, 1, 1));
        try (RunWriter writer = RunWriter.create(folder, plan, SyntheticRun.VOCABULARY)) {
            assertThat(SyntheticRun.begin(writer, 0, 20_065)).isNotNull();
            assertThatExceptionOfType(VitrineException.class)
                    .isThrownBy(() -> SyntheticRun.begin(writer, 1, 20_066))
                    .withMessage("prompt 1: one head's attention.arrow has 805328844 bytes for 20066 tokens; a record"
                            + " batch holds at most 805306368")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
        }
        assertThat(folder.resolve("runs")).isEmptyDirectory();
    }

    @Test
    void aRunWithoutPromptsIsARun() {
        SyntheticRun.write(folder, SyntheticRun.plan("run", SyntheticRun.card("encoder", 1, 2, 2, 4, 2, 3)));
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            checkEverything(run);
            assertThat(run.vocabulary()).isEqualTo(SyntheticRun.VOCABULARY);
            assertThat(run.neurons().dimension()).isEqualTo(3);
        }
    }

    @Test
    void someLayersAndHooksOnly() {
        ModelCard model = SyntheticRun.card("decoder", 6, 2, 1, 5, 3, 7);
        Set<HookPoint> hooks = Set.of(HookPoint.RESID_PRE, HookPoint.RESID_POST, HookPoint.K);
        RunPlan plan = new RunPlan("run", model, hooks, List.of(1, 2, 5), 42L, AttentionForm.NONE, FloatType.FLOAT32);
        int[] lengths = {4, 1};
        SyntheticRun.write(folder, plan, lengths);
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            checkEverything(run, lengths);
            assertThat(run.layers()).containsExactly(1, 2, 5);
            assertThat(run.manifest().seed()).isEqualTo(42);
            // resid_pre of layer 2 is resid_post of layer 1; layers 1 and 5 have none below to be read from.
            long states = run.manifest().files().stream()
                    .filter(file -> file.name().equals("hidden_states.arrow"))
                    .findFirst()
                    .orElseThrow()
                    .rows();
            assertThat(states).isEqualTo((3 + 2) * 5);
        }
    }

    @Test
    void halvesAreTheNearestOnes() {
        ModelCard model = SyntheticRun.card("decoder", 2, 3, 1, 11, 3, 7);
        RunPlan whole = SyntheticRun.plan("run", model);
        RunPlan plan =
                new RunPlan("run", model, whole.hooks(), whole.layers(), null, AttentionForm.STORED, FloatType.FLOAT16);
        int[] lengths = {5, 1, 17};
        SyntheticRun.write(folder, plan, lengths);
        try (Store store = Store.open(folder)) {
            checkEverything(store.run("run"), lengths);
        }
    }

    private static int batches(Run run, String name) {
        return run.manifest().files().stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow()
                .batches()
                .size();
    }

    static void checkEverything(Run run, int... lengths) {
        assertThat(run.prompts()).isEqualTo(lengths.length);
        assertThat(run.maxTokens()).isEqualTo(Arrays.stream(lengths).max().orElse(0));
        for (int prompt = 0; prompt < lengths.length; prompt++) {
            checkTexts(run, prompt, lengths[prompt]);
            for (int layer : run.layers()) {
                checkVectors(run, prompt, layer, lengths[prompt]);
                if (run.has(HookPoint.ATTENTION)) {
                    checkAttention(run, prompt, layer, lengths[prompt]);
                }
            }
        }
    }

    private static void checkTexts(Run run, int prompt, int n) {
        assertThat(run.tokens(prompt)).isEqualTo(n);
        Map<String, String> labels = prompt % 2 == 0 ? Map.of("kind", "even", "number", "" + prompt) : Map.of();
        assertThat(run.prompt(prompt)).isEqualTo(new PromptRow(prompt, "prompt " + prompt + " ✓", n, labels));
        for (int pos = 0; pos < n; pos++) {
            int id = (prompt + pos) % SyntheticRun.VOCABULARY.size();
            assertThat(run.tokenId(prompt, pos)).isEqualTo(id);
            assertThat(run.token(prompt, pos)).isEqualTo(SyntheticRun.VOCABULARY.get(id));
            assertThat(run.special(prompt, pos)).isEqualTo(pos % 3 == 0);
        }
    }

    private static void checkVectors(Run run, int prompt, int layer, int n) {
        for (HookPoint hook : run.manifest().hooks()) {
            if (hook == HookPoint.ATTENTION) {
                continue;
            }
            VectorRows rows = switch (hook) {
                case Q -> run.queries();
                case K -> run.keys();
                case V -> run.valueVectors();
                case MLP_ACT -> run.neurons();
                default -> run.hidden(hook);
            };
            int d = rows.dimension();
            float[] all = new float[n * d];
            float[] one = new float[d];
            for (int head = 0; head < rows.heads(); head++) {
                float[] expected = expected(run, hook, prompt, layer, (long) head * n * d, n * d);
                rows.block(prompt, layer, head, 0, n, all);
                assertThat(all)
                        .as("%s prompt %s layer %s head %s", hook, prompt, layer, head)
                        .isEqualTo(expected);
                rows.vector(prompt, layer, head, n - 1, one);
                assertThat(one).isEqualTo(Arrays.copyOfRange(expected, (n - 1) * d, n * d));
                rows.line(prompt, layer, head, 0, n, 0, d - 1, all);
                for (int pos = 0; pos < n; pos++) {
                    assertThat(all[pos]).isEqualTo(expected[pos * d + d - 1]);
                }
            }
        }
    }

    private static void checkAttention(Run run, int prompt, int layer, int n) {
        AttentionRows rows = run.attention();
        boolean causal = run.model().causal();
        float[] row = new float[n];
        float[] block = new float[n * n];
        float[] column = new float[n];
        float[] back = new float[n];
        float[] anti = new float[n];
        double[] statistics = new double[n];
        for (int head = 0; head < run.model().heads(); head++) {
            rows.line(prompt, layer, head, 0, n, 0, n / 2, column);
            rows.line(prompt, layer, head, 1, n, 1, -1, back);
            rows.line(prompt, layer, head, 0, n, -1, n - 1, anti);
            int at = rows.block(prompt, layer, head, n / 2, n, block);
            int from = 0;
            double tileMin = 1;
            double tileMax = 0;
            double tileSum = 0;
            for (int query = 0; query < n; query++) {
                int length = causal ? query + 1 : n;
                float[] expected =
                        expected(run, HookPoint.ATTENTION, prompt, layer, ((long) head * n + query) * n, length);
                assertThat(rows.rowLength(prompt, query)).isEqualTo(length);
                assertThat(rows.row(prompt, layer, head, query, row)).isEqualTo(length);
                assertThat(Arrays.copyOf(row, length)).isEqualTo(expected);
                if (n / 2 < length) {
                    assertThat(column[query]).isEqualTo(expected[n / 2]);
                }
                if (query > 0) {
                    assertThat(back[query - 1]).isEqualTo(expected[query - 1]);
                }
                if (n - 1 - query < length) {
                    assertThat(anti[query]).isEqualTo(expected[n - 1 - query]);
                }
                double min = 1;
                double max = 0;
                double sum = 0;
                for (float weight : expected) {
                    min = Math.min(min, weight);
                    max = Math.max(max, weight);
                    // Exact, as weights are multiples of 2⁻²⁴ below 1.
                    sum += weight;
                }
                assertThat(rowStatistics(rows, prompt, layer, head, query)).containsExactly(min, max, sum);
                tileMin = Math.min(tileMin, min);
                tileMax = Math.max(tileMax, max);
                tileSum += sum;
                if (query >= n / 2) {
                    assertThat(Arrays.copyOfRange(block, from, from + length)).isEqualTo(expected);
                    from += length;
                }
            }
            assertThat(at).isEqualTo(from);
            for (Statistic statistic : Statistic.values()) {
                rows.statistics(statistic, prompt, layer, head, 0, n, statistics);
                double ofTile = rows.statistic(statistic, prompt, layer, head);
                switch (statistic) {
                    case MIN ->
                        assertThat(ofTile)
                                .isEqualTo(Arrays.stream(statistics).min().orElseThrow())
                                .isEqualTo(tileMin);
                    case MAX ->
                        assertThat(ofTile)
                                .isEqualTo(Arrays.stream(statistics).max().orElseThrow())
                                .isEqualTo(tileMax);
                    case SUM ->
                        assertThat(ofTile)
                                .isEqualTo(Arrays.stream(statistics).sum())
                                .isEqualTo(tileSum);
                }
            }
        }
    }

    /** Least, largest and sum. */
    private static double[] rowStatistics(AttentionRows rows, int prompt, int layer, int head, int query) {
        double[] one = new double[1];
        double[] all = new double[3];
        int at = 0;
        for (Statistic statistic : Statistic.values()) {
            rows.statistics(statistic, prompt, layer, head, query, query + 1, one);
            all[at++] = one[0];
        }
        return all;
    }

    private static float[] expected(Run run, HookPoint hook, int prompt, int layer, long from, int length) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = SyntheticRun.number(
                    SyntheticRun.source(hook, layer), prompt, SyntheticRun.layer(hook, layer), from + i);
            if (run.manifest().dtype() == FloatType.FLOAT16) {
                numbers[i] = half(numbers[i]);
            }
        }
        return numbers;
    }

    /** The nearest binary16: 11 significant bits, and steps of 2^-24 below 2^-14. */
    private static float half(float x) {
        float step = Math.scalb(1f, Math.max(Math.getExponent(x), -14) - 10);
        return (float) Math.rint(x / step) * step;
    }
}
