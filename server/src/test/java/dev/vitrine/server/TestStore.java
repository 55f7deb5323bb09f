package dev.vitrine.server;

import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.RepeatedRandomTokens;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One real store for all tests that only read: run {@code rrt} is induction-toy (2 layers of 4 heads, d_head 16, d_model 64) on 5
 * prompts of 20 random words said twice, which makes 5 · 2 · 4 · (40 · 41 / 2) = 32,800 rows of attention.
 */
public final class TestStore {
    public static final int ATTENTION_ROWS = 32_800;

    private static final Path FOLDER = create();

    private TestStore() {}

    public static Path folder() {
        return FOLDER;
    }

    private static Path create() {
        NativeLibraries.prepare();
        try {
            Path folder = Files.createTempDirectory("vitrine-server-test");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            ExtractionOptions options = ExtractionOptions.of(
                            RepeatedRandomTokens.of(RepeatedRandomTokens.Kind.STANDARD, 20, 5, 1), folder)
                    .withRun("rrt");
            try (TransformerModel model = TransformerModel.open("induction-toy")) {
                Extraction.run(model, options);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
