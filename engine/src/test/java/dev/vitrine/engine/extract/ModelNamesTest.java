package dev.vitrine.engine.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store's model names are what SQL calls models by. */
class ModelNamesTest {
    @TempDir
    private Path folder;

    @Test
    void secondModelOfOneNameNeedsAnother() throws IOException {
        Path first = copy("bert", folder.resolve("first/model"));
        Path second = copy("gpt2", folder.resolve("second/model"));
        extract(first.toString(), null, "one");
        extract(first.toString(), null, "two");
        assertThatThrownBy(() -> extract(second.toString(), null, "three"))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_EXISTS))
                .hasMessage("model 'model' of run 'one' in store " + folder.resolve("store") + " is from " + first
                        + ", this one from " + second
                        + "; expected another name for another model (--model-name)");
        extract(second.toString(), "decoder", "three");
        try (Store store = Store.open(folder.resolve("store"))) {
            assertThat(store.run("three").model().name()).isEqualTo("decoder");
            assertThat(store.run("three").model().source()).isEqualTo(second.toString());
        }
    }

    @Test
    void modelThatBecameAnotherInItsFolderNeedsAnotherName() throws IOException {
        Path model = copy("bert", folder.resolve("model"));
        extract(model.toString(), null, "one");
        copy("gpt2", model);
        assertThatThrownBy(() -> extract(model.toString(), null, "two"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("was bert with ")
                .hasMessageContaining(" when extracted, and is gpt2 with ");
    }

    @Test
    void modelThatWasTrainedOnInItsFolderNeedsAnotherName() throws IOException {
        Path model = copy("bert", folder.resolve("model"));
        extract(model.toString(), null, "one");
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> extract(model.toString(), null, "two"))
                .isInstanceOf(VitrineException.class)
                .hasMessage("model 'model' of run 'one' in store " + folder.resolve("store")
                        + " had other weights when extracted than " + model
                        + " has now; expected another name for another model (--model-name)");
    }

    private void extract(String model, @Nullable String name, String run) throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "the cat\n");
        try (TransformerModel opened =
                name == null ? TransformerModel.open(model) : TransformerModel.open(model, name, ai.djl.Device.cpu())) {
            Extraction.run(
                    opened,
                    ExtractionOptions.of(PromptFile.of(prompts), folder.resolve("store"))
                            .withRun(run));
        }
    }

    private static Path copy(String golden, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/goldens", golden, "model"))) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(file.getFileName());
                Files.deleteIfExists(copy);
                Files.copy(file, copy);
            }
        }
        return to;
    }
}
