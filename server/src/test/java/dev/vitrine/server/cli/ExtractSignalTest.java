package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.Main;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An extraction that is told to end does so with the signal's exit code, and the store is as it was. */
@EnabledOnOs(OS.LINUX)
class ExtractSignalTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    /** @param millis after the run was begun: while prompts are drawn, and in the forward passes */
    @ParameterizedTest
    @ValueSource(ints = {0, 700, 2000})
    void terminationLeavesTheStoreAsItWas(int millis) throws Exception {
        Path errors = folder.resolve("errors.txt");
        Path store = folder.resolve("store");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "extract",
                        "--model",
                        "minilm",
                        "--rrt",
                        "standard",
                        "--length",
                        "200",
                        "--trials",
                        "500",
                        "--store",
                        store.toString())
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        Path runs = store.resolve("runs");
        while (!Files.isDirectory(runs)) {
            assertThat(process.isAlive()).as(Files.readString(errors)).isTrue();
            Thread.sleep(10);
        }
        Thread.sleep(millis);
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(errors, StandardCharsets.UTF_8))
                .isEqualTo(TERMINATED);
        try (Stream<Path> left = Files.list(runs)) {
            assertThat(left).isEmpty();
        }
        assertThat(List.of(new File(folder.toString()).list())).noneMatch(name -> name.startsWith("hs_err"));
    }
}
