package dev.vitrine.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command and program of the README, in order, in one folder, and compares with the output shown there. */
final class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String JAR = "server/target/vitrine.jar";
    /** The part of a command that builds; the test runs inside a build that has done it. */
    private static final String BUILD = "mvn -B -q package -DskipTests && ";
    /** The port the README names; the test takes a free one instead. */
    private static final String PORT = "8484";

    @TempDir
    Path folder;

    @Test
    void everythingShownIsWhatHappens() throws Exception {
        assertThat(ROOT.resolve(JAR))
                .as("the runnable jar, which `mvn verify` builds before this test")
                .exists();
        Files.createSymbolicLink(folder.resolve("server"), ROOT.resolve("server"));
        Files.createSymbolicLink(folder.resolve("examples"), ROOT.resolve("examples"));
        String freePort = freePort();
        List<CodeBlock> blocks = CodeBlock.parse(Files.readString(ROOT.resolve("README.md")));
        assertThat(blocks).hasSizeGreaterThan(5);
        for (CodeBlock block : blocks) {
            if (block.code().startsWith("mvn -B verify")) {
                continue; // this very test run
            }
            String place = "README.md line " + block.line();
            String printed = run(command(block).replace(PORT, freePort), place).replace(freePort, PORT);
            if (!block.output().isEmpty()) {
                ShownOutput.assertSame(block.output(), printed, place);
            }
        }
    }

    /** The shell script that a block stands for: itself, or the launcher's run of a Java source file. */
    private String command(CodeBlock block) throws IOException {
        if (block.language().equals("sh")) {
            return block.code().replace(BUILD, "");
        }
        Files.writeString(folder.resolve("Example.java"), block.code());
        return "java --add-opens=java.base/java.nio=ALL-UNNAMED -cp " + JAR + " Example.java\n";
    }

    private String run(String script, String place) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        // What a block leaves running (the server) ends with it.
        Process bash = new ProcessBuilder(
                        "bash", "-c", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\nset -e\n" + script)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = bash.waitFor(5, TimeUnit.MINUTES);
        if (!ended) {
            bash.descendants().forEach(ProcessHandle::destroyForcibly);
            bash.destroyForcibly();
        }
        String printed = Files.readString(out, StandardCharsets.UTF_8);
        assertThat(ended && bash.exitValue() == 0)
                .as("%s ended well; it printed%n%s%n%s", place, printed, Files.readString(err))
                .isTrue();
        return printed;
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
