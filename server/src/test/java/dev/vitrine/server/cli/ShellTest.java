package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.TestStore;
import dev.vitrine.server.query.Queries;
import dev.vitrine.sql.Database;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Somebody who types this, leaves with {@code .quit}, and stays before the screen. */
    private Terminal terminal(String typed) throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keyboard);
        keyboard.write((typed + ".quit\n").getBytes(StandardCharsets.UTF_8));
        return TerminalBuilder.builder()
                .name("test")
                .system(false)
                .type("dumb")
                .encoding(StandardCharsets.UTF_8)
                .streams(in, screen)
                .build();
    }

    private int shell(String typed) throws Exception {
        try (Database database = Database.open(TestStore.folder(), false);
                Connection connection = database.connect(true);
                Queries queries = new Queries(SqlCommand.unlimited());
                Shell shell = new Shell(
                        terminal(typed),
                        folder.resolve("history"),
                        runner(connection, queries),
                        connection,
                        database.functions(),
                        queries)) {
            return shell.run();
        }
    }

    private StatementRunner runner(Connection connection, Queries queries) {
        return new StatementRunner(
                connection,
                queries,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                OutputFormat.CSV);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStatementGoesOnUntilItsSemicolon() throws Exception {
        assertThat(shell("SELECT 1\n  AS one;\nSELECT 2 AS two; SELECT 3 AS three;\n"))
                .isZero();
        assertThat(text(out)).isEqualTo("one\n1\ntwo\n2\nthree\n3\n");
    }

    @Test
    void aFailureDoesNotEndTheShell() throws Exception {
        assertThat(shell("SELECT nope FROM runs;\nSELECT 2 AS two;\n.quit\nSELECT 3 AS three;\n"))
                .isZero();
        assertThat(text(err)).contains("error: line 1, column 8: Column 'nope' not found in any table");
        assertThat(text(out)).isEqualTo("two\n2\n");
    }

    @Test
    void controlDLeaves() throws Exception {
        assertThat(shell("SELECT 1 AS one;\n\u0004SELECT 2 AS two;\n")).isZero();
        assertThat(text(out)).isEqualTo("one\n1\n");
    }

    @Test
    void commandsHelp() throws Exception {
        shell(".help\n.functions dot\n.format json\n.format xml\n.functions dott\nSELECT 1 AS one;\n");
        assertThat(text(screen))
                .contains(
                        ".columns [TABLE]",
                        "dot(a REAL ARRAY, b REAL ARRAY) → DOUBLE",
                        "    a: a vector",
                        "format 'xml' is not known; expected table, csv or json",
                        "error: function 'dott' is not known");
        assertThat(text(out)).contains("\"rows\":[[1]]");
    }

    @Test
    void whatWasTypedIsRemembered() throws Exception {
        shell("SELECT 1 AS one;\n");
        assertThat(Files.readString(folder.resolve("history"))).contains("SELECT 1 AS one;");
    }

    @Test
    void functionsAndKeywordsAreCompleted() throws Exception {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal("")).build();
        List<Candidate> candidates = new ArrayList<>();
        try (Database database = Database.open(TestStore.folder(), false);
                Connection connection = database.connect(true)) {
            SqlCompleter.of(connection, database.functions())
                    .complete(reader, new SqlLineParser().parse("SELECT ind", 10), candidates);
        }
        assertThat(candidates.stream().map(Candidate::value))
                .contains("induction_score", "SELECT", "GROUP BY", ".tables");
        assertThat(new SqlLineParser().parse("SELECT dot(ind", 14).word()).isEqualTo("ind");
    }

    @Test
    void controlCStopsTheQueryAndNotTheShell() throws Exception {
        try (Database database = Database.open(TestStore.folder(), false);
                Connection connection = database.connect(true);
                Queries queries = new Queries(SqlCommand.unlimited());
                Terminal terminal =
                        terminal("SELECT COUNT(*) FROM attention a, attention b, attention c;\nSELECT 2 AS two;\n");
                Shell shell = new Shell(
                        terminal,
                        folder.resolve("history"),
                        runner(connection, queries),
                        connection,
                        database.functions(),
                        queries)) {
            CompletableFuture<Void> controlC = CompletableFuture.runAsync(() -> {
                long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (System.nanoTime() < end
                        && queries.running().stream()
                                .noneMatch(query -> query.elapsed().compareTo(Duration.ofMillis(300)) > 0)) {
                    Thread.onSpinWait();
                }
                terminal.raise(Terminal.Signal.INT);
            });
            assertThat(shell.run()).isZero();
            controlC.get();
        }
        assertThat(text(err)).contains("was cancelled");
        assertThat(text(out)).isEqualTo("two\n2\n");
    }
}
