package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Stream;
import net.hydromatic.quidem.Quidem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every script under {@code src/test/resources/scripts}. A script holds SQL and what it must give; it passes where running it writes
 * the script again. To take what it gives now as what it must give, and then read the difference:
 *
 * <pre>mvn -pl sql -am test -Dtest=ScriptsTest -Dsurefire.failIfNoSpecifiedTests=false -Dscripts=accept</pre>
 *
 * <p>A script opens a store with {@code !use}: {@code synthetic} and {@code golden} can only be read, {@code empty} has no runs, {@code
 * workspace} is a copy of synthetic for this script alone, which it may write.
 */
class ScriptsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

    @TempDir
    private static Path stores;

    @BeforeAll
    static void writeStores() throws IOException {
        SyntheticStore.write(stores.resolve("synthetic"));
        GoldenStore.write(stores.resolve("golden"), "bert", "gpt2");
        Files.createDirectories(stores.resolve("empty/runs"));
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.walk(SCRIPTS)) {
            return files.filter(file -> file.toString().endsWith(".iq"))
                    .map(SCRIPTS::relativize)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void givesWhatItSays(Path script, @TempDir Path folder) throws IOException {
        Path file = SCRIPTS.resolve(script);
        String expected = Files.readString(file);
        StringWriter actual = new StringWriter();
        new Quidem(Quidem.configBuilder()
                        .withReader(new StringReader(expected))
                        .withWriter(actual)
                        .withConnectionFactory((name, reference) -> connect(name, folder))
                        .build())
                .execute();
        String given =
                withoutStackTraces(actual.toString()).replace(stores + "/", "").replace(folder + "/", "");
        if ("accept".equals(System.getProperty("scripts"))) {
            Files.writeString(file, given);
        } else {
            assertThat(given).isEqualTo(expected);
        }
    }

    /** Quidem prints an error with its trace, of which a user sees the message alone. */
    private static String withoutStackTraces(String output) {
        StringBuilder kept = new StringBuilder();
        boolean trace = false;
        for (String line : output.lines().toList()) {
            trace = trace ? !line.startsWith("!") : line.startsWith("\tat ");
            if (!trace) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    private static Connection connect(String name, Path folder) throws Exception {
        if (!name.equals("workspace")) {
            return DriverManager.getConnection("jdbc:vitrine:" + stores.resolve(name) + "?readonly=true");
        }
        Path copy = folder.resolve("store");
        if (!Files.exists(copy)) {
            copy(stores.resolve("synthetic"), copy);
        }
        return DriverManager.getConnection("jdbc:vitrine:" + copy);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
