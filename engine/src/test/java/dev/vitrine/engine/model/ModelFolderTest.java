package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final BuiltInModel SMALL = new BuiltInModel(
            "small",
            Map.of(
                    "config.json", "/goldens/bert/model/config.json",
                    "model.safetensors", "/goldens/bert/model/model.safetensors"));

    @TempDir
    Path folder;

    @Test
    void minilmIsTheModelThatItsConfigSays() {
        try (TransformerModel model = TransformerModel.open("minilm")) {
            AttentionRule rule = new AttentionRule(1 / Math.sqrt(32), false, 0, 0);
            assertThat(model.card())
                    .isEqualTo(new ModelCard(
                            "minilm",
                            "builtin:minilm",
                            "bert",
                            "encoder",
                            6,
                            12,
                            12,
                            384,
                            32,
                            1536,
                            30522,
                            512,
                            "post",
                            false,
                            Collections.nCopies(6, rule),
                            model.card().weights()));
            assertThat(model.tokenizer().size()).isEqualTo(30522);
            assertThat(model.tokenizer().encode("Vitrine shows it.").tokens())
                    .containsExactly("[CLS]", "vi", "##tri", "##ne", "shows", "it", ".", "[SEP]");
        }
    }

    @Test
    void aModelIsFoundAgainByItsSource() {
        ModelFolder byName = ModelFolder.resolve("minilm");
        assertThat(ModelFolder.resolve(byName.source())).isEqualTo(byName);
        ModelFolder byPath = ModelFolder.resolve("src/test/resources/goldens/bert/model");
        assertThat(byPath.name()).isEqualTo("model");
        assertThat(byPath.source()).isEqualTo(byPath.path().toString());
        assertThat(ModelFolder.resolve(byPath.source())).isEqualTo(byPath);
    }

    @Test
    void whatIsNotAModelIsRefused() throws IOException {
        Path missing = Path.of("no-such-model").toAbsolutePath();
        assertFails(
                ErrorCode.NOT_FOUND,
                "no model 'no-such-model'; expected one of minilm, induction-toy, or a folder (" + missing
                        + " does not exist)",
                () -> ModelFolder.resolve("no-such-model"));
        Path file = Files.createFile(folder.resolve("model.bin"));
        assertFails(
                ErrorCode.NOT_FOUND,
                "no model '" + file + "'; expected one of minilm, induction-toy, or a folder (" + file + " is a file)",
                () -> ModelFolder.resolve(file.toString()));
        assertFails(
                ErrorCode.NOT_FOUND,
                "no config.json in " + folder
                        + "; expected a Hugging Face folder with config.json, tokenizer.json and weights",
                () -> ModelFolder.resolve(folder.toString()));
    }

    @Test
    void aBuiltInModelIsUnpackedOnce() throws IOException {
        Path unpacked = SMALL.unpack(folder);
        assertThat(unpacked.getParent()).isEqualTo(folder);
        assertThat(unpacked.getFileName().toString()).matches("small-[0-9a-f]{8}");
        Path golden = Path.of("src/test/resources/goldens/bert/model");
        for (String file : SMALL.resources().keySet()) {
            assertThat(unpacked.resolve(file)).hasSameBinaryContentAs(golden.resolve(file));
        }
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(unpacked.resolve("config.json"), time);
        assertThat(SMALL.unpack(folder)).isEqualTo(unpacked);
        assertThat(Files.getLastModifiedTime(unpacked.resolve("config.json"))).isEqualTo(time);
    }

    @Test
    void whatAnInterruptedUnpackingLeftIsReplaced() throws IOException {
        Path unpacked = SMALL.unpack(folder);
        Files.delete(unpacked.resolve("model.safetensors"));
        Path part = Files.createDirectory(folder.resolve(unpacked.getFileName() + ".part"));
        Files.writeString(part.resolve("config.json"), "half");
        assertThat(SMALL.unpack(folder)).isEqualTo(unpacked);
        assertThat(unpacked.resolve("model.safetensors")).exists();
        assertThat(part).doesNotExist();
    }

    @Test
    void anotherVersionOfAModelGetsAnotherFolder() {
        BuiltInModel other = new BuiltInModel(
                "small",
                Map.of(
                        "config.json", "/goldens/gpt2/model/config.json",
                        "model.safetensors", "/goldens/bert/model/model.safetensors"));
        assertThat(other.unpack(folder)).isNotEqualTo(SMALL.unpack(folder));
    }

    @Test
    void manyMayUnpackAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpack = () -> SMALL.unpack(folder);
            Set<Path> folders = new TreeSet<>();
            for (Future<Path> result : threads.invokeAll(Collections.nCopies(16, unpack))) {
                folders.add(result.get());
            }
            assertThat(folders).hasSize(1);
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()))
                        .containsExactlyInAnyOrder(
                                "small.lock",
                                folders.iterator().next().getFileName().toString());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aModelThatIsNotOnTheClassPathIsRefused() {
        BuiltInModel gone = new BuiltInModel("gone", Map.of("config.json", "/gone/config.json"));
        assertFails(
                ErrorCode.NOT_FOUND,
                "model gone is not on the class path: no resource /gone/config.json",
                () -> gone.unpack(folder));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path cache = Files.createFile(folder.resolve("file"));
        VitrineException failure = catchThrowableOfType(VitrineException.class, () -> SMALL.unpack(cache));
        assertThat(failure.code()).isEqualTo(ErrorCode.IO);
        assertThat(failure)
                .hasMessage("cannot unpack model small to " + cache + ": java.nio.file.FileAlreadyExistsException: "
                        + cache + "; the environment variable VITRINE_CACHE names another folder");
    }
}
