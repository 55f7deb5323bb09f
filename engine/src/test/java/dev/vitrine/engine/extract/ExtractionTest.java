package dev.vitrine.engine.extract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.TorchThreads;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.AttentionForm;
import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import dev.vitrine.engine.store.VectorRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real model's activations, through files and back. */
class ExtractionTest {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");

    @RegisterExtension
    private final TorchThreads torch = new TorchThreads();

    @TempDir
    private Path folder;

    /** Encoder, decoder, fewer kv heads than heads, window, parallel blocks, odd widths: bit for bit what the model computes. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "llama", "mistral", "gpt-neox"})
    void everyActivationComesBack(String name) throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), """
                {"text": "the cat saw 7 dogs, the cat saw", "topic": "cats", "n": 1.50}
                {"text": "a"}
                {"text": "Né 😺 猫", "topic": null, "tags": ["a", 2]}
                """);
        try (TransformerModel model = open(name)) {
            Extraction.run(model, ExtractionOptions.of(PromptFile.of(prompts), folder.resolve("store")));
            try (Store store = Store.open(folder.resolve("store"))) {
                Run run = store.run("model-prompts");
                assertThat(run.prompt(0).labels()).isEqualTo(Map.of("topic", "cats", "n", "1.50"));
                assertThat(run.prompt(1).labels()).isEmpty();
                assertThat(run.prompt(2).labels()).isEqualTo(Map.of("tags", "[\"a\",2]"));
                assertThat(run.prompt(2).text()).isEqualTo("Né 😺 猫");
                assertThat(run.vocabulary()).isEqualTo(model.tokenizer().vocabulary());
                compare(run, model);
            }
        }
    }

    /**
     * Prompts alone in a pass and several in one, alike and not, an odd one at the end: what each gives alone, within what rounding differs
     * by between one prompt and several. The same files twice.
     */
    @ParameterizedTest
    @CsvSource({"gpt2, 2", "gpt2, 5", "llama, 2"})
    void passesSideBySideComeBack(String name, int threads) throws IOException {
        int[] words = {60, 61, 60, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 60, 58, 20, 61, 59, 60, 60};
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            texts.add((i % 2 == 0 ? "cat" : "dog") + " the".repeat(words[i] - 1));
        }
        Path prompts = Files.writeString(folder.resolve("p.txt"), String.join("\n", texts));
        ExtractionOptions options = ExtractionOptions.of(PromptFile.of(prompts), folder);
        torch.set(threads);
        try (TransformerModel model = open(name)) {
            assertThat(model.sideBySide()).isTrue();
            Extraction.run(model, options.withRun("one"));
            Extraction.run(model, options.withRun("two"));
            try (Store store = Store.open(folder)) {
                Run run = store.run("one");
                assertThat(store.run("two").manifest().files())
                        .isEqualTo(run.manifest().files());
                for (int prompt = 0; prompt < words.length; prompt++) {
                    long[] ids = model.tokenizer().encode(texts.get(prompt)).ids();
                    assertThat(run.tokens(prompt)).isEqualTo(ids.length);
                    Captured captured = new Captured();
                    model.forward(ids, captured);
                    float[] expected = requireNonNull(captured.numbers.get(
                            new Place(HookPoint.RESID_POST, run.model().layers() - 1)));
                    float[] actual = new float[expected.length];
                    run.hidden(HookPoint.RESID_POST).block(prompt, run.model().layers() - 1, 0, 0, ids.length, actual);
                    for (int i = 0; i < actual.length; i++) {
                        assertThat(Math.abs(actual[i] - expected[i]))
                                .as("prompt %s, number %s", prompt, i)
                                .isLessThanOrEqualTo(1e-5f + 1e-5f * Math.abs(expected[i]));
                    }
                }
            }
        }
        assertThat(Store.check(folder)).allMatch(check -> check.problems().isEmpty());
    }

    /** The thread that extracts waits for the others, which stop at their next activation. */
    @Test
    void anInterruptionReachesPassesSideBySide() throws IOException, InterruptedException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), ("cat" + " the".repeat(59) + "\n").repeat(5_000));
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        torch.set(2);
        try (TransformerModel model = open("gpt2")) {
            Thread extraction = new Thread(() -> {
                try {
                    Extraction.run(model, ExtractionOptions.of(PromptFile.of(prompts), folder));
                } catch (VitrineException e) {
                    thrown.set(e);
                }
            });
            extraction.start();
            Path journal = folder.resolve("runs/.model-p.tmp/journal");
            while (!Files.exists(journal) || Files.size(journal) < 10_000) {
                Thread.sleep(1);
            }
            extraction.interrupt();
            extraction.join();
        }
        assertThat(thrown.get())
                .isInstanceOf(VitrineException.class)
                .extracting(e -> ((VitrineException) e).code())
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(runs()).isEmpty();
    }

    private static TransformerModel open(String name) {
        return TransformerModel.open(GOLDENS.resolve(name).resolve("model").toString());
    }

    private static void compare(Run run, TransformerModel model) {
        List<BatchedPrompt> batch = new ArrayList<>();
        List<Captured> captured = new ArrayList<>();
        for (int prompt = 0; prompt < run.prompts(); prompt++) {
            long[] ids = model.tokenizer().encode(run.prompt(prompt).text()).ids();
            assertThat(run.tokens(prompt)).isEqualTo(ids.length);
            for (int pos = 0; pos < ids.length; pos++) {
                assertThat(run.tokenId(prompt, pos)).isEqualTo((int) ids[pos]);
            }
            captured.add(new Captured());
            batch.add(new BatchedPrompt(ids, captured.get(prompt)));
        }
        model.forward(batch);
        for (int prompt = 0; prompt < run.prompts(); prompt++) {
            compare(run, prompt, model, captured.get(prompt));
        }
    }

    private static void compare(Run run, int prompt, TransformerModel model, Captured captured) {
        int n = run.tokens(prompt);
        Set<HookPoint> hooks = new HashSet<>();
        captured.numbers.forEach((at, expected) -> {
            HookPoint hook = at.hook();
            int layer = at.layer();
            hooks.add(hook);
            if (hook == HookPoint.ATTENTION) {
                compare(run.attention(), prompt, layer, n, model.card().causal(), expected);
                return;
            }
            VectorRows rows = rows(run, hook);
            int tile = n * rows.dimension();
            float[] actual = new float[tile];
            for (int head = 0; head < rows.heads(); head++) {
                rows.block(prompt, layer, head, 0, n, actual);
                assertThat(actual)
                        .as("%s, prompt %s, head %s", at, prompt, head)
                        .isEqualTo(Arrays.copyOfRange(expected, head * tile, (head + 1) * tile));
            }
            assertThat(rows.heads() * tile).isEqualTo(expected.length);
        });
        assertThat(hooks).isEqualTo(Set.copyOf(run.manifest().hooks()));
    }

    private static void compare(AttentionRows rows, int prompt, int layer, int n, boolean causal, float[] expected) {
        float[] row = new float[n];
        for (int at = 0; at < expected.length; at += n) {
            Arrays.fill(row, 0);
            int query = at / n % n;
            assertThat(rows.row(prompt, layer, at / n / n, query, row)).isEqualTo(causal ? query + 1 : n);
            assertThat(row).isEqualTo(Arrays.copyOfRange(expected, at, at + n));
        }
    }

    private static VectorRows rows(Run run, HookPoint hook) {
        return switch (hook) {
            case Q -> run.queries();
            case K -> run.keys();
            case V -> run.valueVectors();
            case MLP_ACT -> run.neurons();
            default -> run.hidden(hook);
        };
    }

    private record Place(HookPoint hook, int layer) {}

    private static final class Captured implements ActivationSink {
        private final Map<Place, float[]> numbers = new HashMap<>();

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook.perLayer();
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            numbers.put(new Place(hook, layer), activation.toFloatArray());
        }
    }

    /** Plain, fewer kv heads, window, soft cap and window, no scale and local layers. The largest error seen is 4.8e-7. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama", "mistral", "gemma2", "gpt-neo"})
    void derivedAttentionEqualsStored(String name) throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat saw 7 dogs, the cat saw 7 dogs\na\n");
        ExtractionOptions options = ExtractionOptions.of(PromptFile.of(prompts), folder);
        try (TransformerModel model = open(name)) {
            Extraction.run(model, options.withRun("stored"));
            Extraction.run(model, options.withRun("derived").withAttention(AttentionForm.DERIVED));
        }
        assertThat(folder.resolve("runs/derived/attention.arrow")).doesNotExist();
        try (Store store = Store.open(folder)) {
            Run stored = store.run("stored");
            Run derived = store.run("derived");
            double worst = 0;
            for (int prompt = 0; prompt < stored.prompts(); prompt++) {
                int n = stored.tokens(prompt);
                float[] expected = new float[n];
                float[] actual = new float[n];
                for (int row = 0; row < stored.model().layers() * stored.model().heads() * n; row++) {
                    int layer = row / n / stored.model().heads();
                    int head = row / n % stored.model().heads();
                    int query = row % n;
                    int length = stored.attention().row(prompt, layer, head, query, expected);
                    assertThat(derived.attention().row(prompt, layer, head, query, actual))
                            .isEqualTo(length);
                    for (int key = 0; key < length; key++) {
                        assertThat(actual[key] == 0).isEqualTo(expected[key] == 0);
                        worst = Math.max(worst, Math.abs((double) actual[key] - expected[key]));
                    }
                }
            }
            assertThat(worst).isLessThanOrEqualTo(1e-6);
        }
    }

    @Test
    void aNameThatExistsIsRefusedAndNothingIsLost() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat\n");
        ExtractionOptions options =
                ExtractionOptions.of(PromptFile.of(prompts), folder).withRun("mine");
        try (TransformerModel model = open("bert")) {
            Extraction.run(model, options);
            assertThatThrownBy(() -> Extraction.run(model, options))
                    .isInstanceOf(VitrineException.class)
                    .hasMessage("run 'mine' is already in store " + folder + ": choose another name")
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.ALREADY_EXISTS);
        }
        assertThat(runs()).containsExactly("mine");
        assertThat(Store.check(folder)).allMatch(check -> check.problems().isEmpty());
    }

    @Test
    void aPromptTooLongIsNamedBeforeAnythingIsComputed() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat\n" + "cat ".repeat(63) + "\n");
        try (TransformerModel model = open("bert")) {
            assertThatThrownBy(() -> Extraction.run(model, ExtractionOptions.of(PromptFile.of(prompts), folder)))
                    .hasMessage(
                            "prompt file " + prompts + ", line 2: prompt has 65 tokens, model model takes at most 64");
        }
        assertThat(runs()).isEmpty();
    }

    @Test
    void whatCannotBeKeptIsNamed() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat\n");
        ExtractionOptions options = ExtractionOptions.of(PromptFile.of(prompts), folder);
        try (TransformerModel model = open("gpt-neox")) {
            assertThatThrownBy(() -> Extraction.run(model, options.withHooks(Set.of(HookPoint.RESID_MID))))
                    .hasMessage("hook resid_mid: in model model attention and MLP read the same residual stream, so"
                            + " there is none between them");
            assertThatThrownBy(() -> Extraction.run(model, options.withHooks(Set.of(HookPoint.LOGITS))))
                    .hasMessage("hook logits is not stored: it follows from resid_post of the last layer");
            assertThatThrownBy(() -> Extraction.run(model, options.withRun("../x")))
                    .hasMessage("run name '../x' cannot be a folder: expected 1 to 128 letters, digits, '.', '-' or"
                            + " '_', not beginning with '.'");
        }
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void anInterruptedExtractionLeavesNothing() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat\n".repeat(5));
        try (TransformerModel model = open("bert")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Extraction.run(model, ExtractionOptions.of(PromptFile.of(prompts), folder)))
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(runs()).isEmpty();
    }

    private List<String> runs() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
            return runs.map(run -> run.getFileName().toString()).toList();
        }
    }
}
