package dev.vitrine.examples.benchmarks;

import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.Prompt;
import dev.vitrine.engine.extract.PromptSource;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A whole extraction: every activation written, checksummed and forced to the disk as a run of {@code store}. */
record DurableMode(TransformerModel model, int tokens, int prompts, Path store) implements Mode {
    private static final String RUN = "benchmark";

    @Override
    public void prepare() throws IOException {
        if (Files.exists(store)) {
            try (Stream<Path> files = Files.walk(store)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void run() {
        Extraction.run(
                model, ExtractionOptions.of(new Prompts(tokens, prompts), store).withRun(RUN));
    }

    /** Also that every row of attention sums to 1. */
    @Override
    public float[] check() {
        try (Store opened = Store.open(store)) {
            Run run = opened.run(RUN);
            checkRows(run);
            List<Pick> picks = Pick.of(tokens);
            float[] numbers = new float[picks.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = picks.get(i).from(run);
            }
            return numbers;
        }
    }

    /** Bytes on the disk per prompt. */
    long storedPerPrompt() {
        try (Store opened = Store.open(store)) {
            return opened.run(RUN).manifest().bytes() / prompts;
        }
    }

    private static void checkRows(Run run) {
        AttentionRows attention = run.attention();
        float[] row = new float[run.maxTokens()];
        for (int prompt = 0; prompt < run.prompts(); prompt++) {
            for (int layer = 0; layer < run.model().layers(); layer++) {
                for (int head = 0; head < run.model().heads(); head++) {
                    for (int query = 0; query < run.tokens(prompt); query++) {
                        int length = attention.row(prompt, layer, head, query, row);
                        double sum = 0;
                        for (int key = 0; key < length; key++) {
                            sum += row[key];
                        }
                        if (length != query + 1 || Math.abs(sum - 1) > 1e-5) {
                            throw new IllegalStateException("attention of prompt " + prompt + ", layer " + layer
                                    + ", head " + head + ", query " + query + ": " + length + " weights that sum to "
                                    + sum + "; expected " + (query + 1) + " that sum to 1");
                        }
                    }
                }
            }
        }
    }

    private record Prompts(int tokens, int count) implements PromptSource {
        @Override
        public String name() {
            return RUN;
        }

        @Override
        public @Nullable Long seed() {
            return null;
        }

        @Override
        public void forEach(TransformerModel model, Consumer<Prompt> action) {
            for (int i = 0; i < count; i++) {
                long[] ids = BenchmarkModel.prompt(i, tokens);
                action.accept(new Prompt(
                        model.tokenizer().decode(ids), model.tokenizer().ofIds(ids), Map.of(), "prompt " + i));
            }
        }
    }
}
