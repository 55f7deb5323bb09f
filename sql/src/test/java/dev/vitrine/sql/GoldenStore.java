package dev.vitrine.sql;

import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.PromptFile;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs of the engine's golden models, tiny and with random weights, on two prompts; each is named as its family. */
final class GoldenStore {
    private GoldenStore() {}

    static void write(Path store, String... families) throws IOException {
        Path prompts = Files.createTempFile("prompts", ".txt");
        Files.writeString(prompts, "The cat sat by\nthe mat\n");
        for (String family : families) {
            // A model is named as its folder.
            Path folder = Files.createSymbolicLink(
                    Files.createTempDirectory("models").resolve("tiny-" + family),
                    Path.of("../engine/src/test/resources/goldens", family, "model")
                            .toRealPath());
            try (TransformerModel model = TransformerModel.open(folder.toString())) {
                Extraction.run(
                        model,
                        ExtractionOptions.of(PromptFile.of(prompts), store).withRun(family));
            }
        }
        Files.delete(prompts);
    }
}
