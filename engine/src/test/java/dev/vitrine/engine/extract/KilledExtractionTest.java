package dev.vitrine.engine.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.TorchThreads;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.FileEntry;
import dev.vitrine.engine.store.RunWriter;
import dev.vitrine.engine.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An extraction that is killed while prompts share passes. */
class KilledExtractionTest {
    private static final int PROMPTS = 300;

    @RegisterExtension
    private final TorchThreads torch = new TorchThreads();

    @TempDir
    private Path store;

    /** Prompts of many lengths, each announced before it is taken. */
    private record Announced(boolean aloud) implements PromptSource {
        static int length(int prompt) {
            return 1 + prompt * 29 % 64;
        }

        @Override
        public String name() {
            return "announced";
        }

        @Override
        public @Nullable Long seed() {
            return null;
        }

        @Override
        public void forEach(TransformerModel model, Consumer<Prompt> action) {
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
                long[] ids = new long[length(prompt)];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = (prompt * 31L + i * 7L) % 50;
                }
                if (aloud) {
                    System.out.println(prompt);
                }
                action.accept(new Prompt("" + prompt, model.tokenizer().ofIds(ids), Map.of(), "prompt " + prompt));
            }
        }
    }

    /** The process that is killed. */
    static final class Child {
        public static void main(String[] arguments) {
            extract(Path.of(arguments[0]), "run", true);
        }
    }

    private static void extract(Path store, String run, boolean aloud) {
        try (TransformerModel model = model()) {
            Extraction.run(model, options(store, run, aloud));
        }
    }

    private static TransformerModel model() {
        return TransformerModel.open("src/test/resources/goldens/gpt2/model");
    }

    private static ExtractionOptions options(Path store, String run, boolean aloud) {
        ExtractionOptions plain = ExtractionOptions.of(new Announced(aloud), store);
        return new ExtractionOptions(
                plain.prompts(),
                store,
                run,
                plain.hooks(),
                plain.layers(),
                plain.attention(),
                plain.dtype(),
                true,
                plain.progress());
    }

    /** The first prompt of the batch that is so many before the one that a prompt is in. */
    private static int firstOfBatch(int prompt, int batchesBefore, int passTokens) {
        int[] firsts = new int[PROMPTS];
        int batch = 0;
        int tokens = 0;
        for (int i = 0; i <= prompt; i++) {
            if (tokens + Announced.length(i) > passTokens) {
                batch++;
                firsts[batch] = i;
                tokens = 0;
            }
            tokens += Announced.length(i);
        }
        return firsts[Math.max(0, batch - batchesBefore)];
    }

    /** Moments are prompts of the second reading: the first only counts them. */
    @ParameterizedTest
    @CsvSource({"40, 2", "131, 1", "257, 2"})
    void losesThePassesThatAreComputedOrWritten(int moment, int threads) throws IOException, InterruptedException {
        int announced = killAt(moment, threads);
        int kept;
        int passTokens;
        try (TransformerModel model = model();
                RunWriter writer = RunWriter.create(
                        store,
                        options(store, "run", false).plan(model.card()),
                        model.tokenizer().vocabulary(),
                        true)) {
            kept = writer.committedBefore();
            passTokens = model.passTokens();
        }
        // Taken were the prompts before the one announced. The pass before that of the last one taken may wait to
        // see what follows. Side by side, three more may be computed, or done and held up by a slower one, and two
        // be on their way to the disk; one after the other, one is computed or on its way.
        assertThat(kept).isBetween(firstOfBatch(announced - 1, threads == 1 ? 2 : 6, passTokens), announced);

        torch.set(threads);
        extract(store, "run", false);
        extract(store, "whole", false);
        assertThat(files("run")).isEqualTo(files("whole"));
        assertThat(Store.check(store)).allMatch(check -> check.problems().isEmpty());
    }

    /** The prompt announced last. */
    private int killAt(int moment, int threads) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.pytorch.num_threads=" + threads,
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        store.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int lines = 0;
        try (BufferedReader announcements = child.inputReader(StandardCharsets.UTF_8)) {
            while (announcements.readLine() != null) {
                lines++;
                if (lines == PROMPTS + moment + 1) {
                    // The handle, and not the process: that would close the stream with announcements still in it.
                    child.toHandle().destroyForcibly();
                }
            }
        }
        child.waitFor();
        assertThat(lines).isGreaterThan(PROMPTS + moment);
        assertThat(Files.exists(store.resolve("runs/run")))
                .as("the run was whole before the kill")
                .isFalse();
        return lines - PROMPTS - 1;
    }

    private List<FileEntry> files(String run) {
        try (Store opened = Store.open(store)) {
            return opened.run(run).manifest().files();
        }
    }
}
