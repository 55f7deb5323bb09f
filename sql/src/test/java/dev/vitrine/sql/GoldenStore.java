package dev.vitrine.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.PromptFile;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs of the engine's golden models, tiny and with random weights, on two prompts; each is named as its family. */
final class GoldenStore {
    static final Path GOLDENS = Path.of("../engine/src/test/resources/goldens");

    private GoldenStore() {}

    static void write(Path store, String... families) throws IOException {
        for (String family : families) {
            write(store, family, List.of("The cat sat by", "the mat"));
        }
    }

    /** The same on the prompts whose activations the reference has. */
    static void writeReferencePrompts(Path store, List<String> families) throws IOException {
        for (String family : families) {
            List<String> texts = new ArrayList<>();
            for (JsonNode prompt : new JsonMapper()
                    .readTree(GOLDENS.resolve(family).resolve("prompts.json").toFile())) {
                texts.add(prompt.get("text").textValue());
            }
            write(store, family, texts);
        }
    }

    /** The folders of models with tokenizers. */
    static List<String> families() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDENS)) {
            return folders.filter(folder -> Files.exists(folder.resolve("model/tokenizer.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static void write(Path store, String family, List<String> texts) throws IOException {
        Path prompts = Files.createTempFile("prompts", ".txt");
        Files.write(prompts, texts);
        // A model is named as its folder, which functions open again.
        Path models = Files.createTempDirectory("models");
        Path folder = Files.createSymbolicLink(
                models.resolve("tiny-" + family),
                GOLDENS.resolve(family).resolve("model").toRealPath());
        models.toFile().deleteOnExit();
        folder.toFile().deleteOnExit();
        try (TransformerModel model = TransformerModel.open(folder.toString())) {
            Extraction.run(
                    model, ExtractionOptions.of(PromptFile.of(prompts), store).withRun(family));
        }
        Files.delete(prompts);
    }
}
