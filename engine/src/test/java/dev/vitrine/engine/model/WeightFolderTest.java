package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file of a folder is read, and what is said where none can be. */
class WeightFolderTest {
    @TempDir
    Path folder;

    @Test
    void shardsAreOneSource() throws IOException {
        new SafetensorsFile()
                .float32("a", new long[] {1}, 1)
                .float32("b", new long[] {1}, 2)
                .write(folder.resolve("one.safetensors"), 0);
        new SafetensorsFile().float32("c", new long[] {1}, 3).write(folder.resolve("two.safetensors"), 0);
        Path index = writeIndex("{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\",\"b\":\"one.safetensors\"}");
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(source.names()).containsExactly("a", "c", "b");
            assertThat(source.floats("b").get(0)).isEqualTo(2);
            assertThat(source.floats("c").get(0)).isEqualTo(3);
            assertThat(source.place()).isEqualTo(index.toString());
        }
    }

    @Test
    void oneFileIsTakenBeforeShards() throws IOException {
        Path whole =
                new SafetensorsFile().float32("a", new long[] {1}, 1).write(folder.resolve("model.safetensors"), 0);
        writeIndex("{}");
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(source.place()).isEqualTo(whole.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}| weight_map is {}; expected tensor names with their files",
                "3| weight_map is 3; expected tensor names with their files",
                "{'a':3}| weight_map of tensor 'a' is 3; expected the name of a file beside the index",
                "{'a':'../one.safetensors'}"
                        + "| weight_map of tensor 'a' is '../one.safetensors'; expected the name of a file beside the index",
                "{'a':'two.safetensors'}| no file two.safetensors beside the index; expected tensor 'a' in it",
                "{'b':'one.safetensors'}| no tensor 'b' in one.safetensors, where weight_map puts it"
            })
    void anIndexThatLiesIsRefused(String map, String message) throws IOException {
        new SafetensorsFile().float32("a", new long[] {1}, 1).write(folder.resolve("one.safetensors"), 0);
        Path index = writeIndex(map.replace('\'', '"'));
        assertFails(
                ErrorCode.BAD_MODEL,
                message.replace("'../one.safetensors'", "\"../one.safetensors\"") + " (" + index + ")",
                () -> WeightSource.open(folder));
    }

    @Test
    void anIndexThatIsNotJsonIsRefused() throws IOException {
        Path index = Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":");
        assertFails(
                ErrorCode.BAD_MODEL,
                "not JSON: Unexpected end-of-input within/between Object entries (" + index + ")",
                () -> WeightSource.open(folder));
    }

    @Test
    void picklesAreRefusedWithTheWayOut() throws IOException {
        Files.createFile(folder.resolve("pytorch_model.bin"));
        assertFails(
                ErrorCode.UNSUPPORTED_MODEL,
                "the weights in " + folder
                        + " are pickled (pytorch_model.bin); expected model.safetensors, because reading a pickle can run any code"
                        + " in it. Convert the folder once in Python, with the model's own class:"
                        + " AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)",
                () -> WeightSource.open(folder));
    }

    @Test
    void aFolderWithoutWeightsIsRefused() {
        assertFails(
                ErrorCode.NOT_FOUND,
                "no weights in " + folder + "; expected model.safetensors, model.safetensors.index.json or model.onnx",
                () -> WeightSource.open(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.onnx"})
    void aPointerInPlaceOfWeightsIsRefusedWithTheWayOut(String name) throws IOException {
        Path file = Files.writeString(
                folder.resolve(name), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
        assertFails(
                ErrorCode.BAD_MODEL,
                "file is a Git LFS pointer; expected the weights that it stands for, which 'git lfs pull' in the model's folder"
                        + " fetches (" + file + ")",
                () -> WeightSource.open(folder));
    }

    private Path writeIndex(String map) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":" + map + "}");
    }
}
