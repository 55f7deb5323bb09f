package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One workspace between this process and another one. */
class WorkspaceProcessesTest {
    @TempDir
    private Path store;

    /** The other process: runs each line of its input as a statement and answers with the first value, the count or the failure. */
    public static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws Exception {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            BufferedReader in = new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + arguments[0]);
                    Statement statement = connection.createStatement()) {
                for (String sql = in.readLine(); sql != null; sql = in.readLine()) {
                    out.println(answer(statement, sql));
                }
            }
        }

        private static String answer(Statement statement, String sql) {
            try {
                if (!statement.execute(sql)) {
                    return "changed " + statement.getUpdateCount();
                }
                try (ResultSet rows = statement.getResultSet()) {
                    return rows.next() ? rows.getString(1) : "no rows";
                }
            } catch (SQLException e) {
                return e.getSQLState() + " " + e.getMessage();
            }
        }
    }

    private final class OtherProcess implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final PrintStream statements;

        OtherProcess() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-opens=java.base/java.nio=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Other.class.getName(),
                            store.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            statements = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        }

        String run(String sql) throws IOException {
            begin(sql);
            return String.valueOf(answers.readLine());
        }

        void begin(String sql) {
            statements.println(sql);
        }

        @Override
        public void close() {
            statements.close();
            process.onExit().join();
        }

        void kill() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    @Test
    void oneProcessWritesAndBothRead() throws Exception {
        Files.createDirectories(store.resolve("runs"));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement();
                OtherProcess other = new OtherProcess()) {
            assertThat(other.run("create table workspace.notes (n integer)")).isEqualTo("changed 0");
            assertThat(other.run("insert into workspace.notes values (1), (2)")).isEqualTo("changed 2");
            assertThat(single(statement, "select count(*) from workspace.notes"))
                    .isEqualTo("2");

            // What the other commits later is seen too, in a new statement
            assertThat(other.run("insert into workspace.notes select n + 10 from workspace.notes"))
                    .isEqualTo("changed 2");
            assertThat(other.run("create view workspace.large as select n from workspace.notes where n > 10"))
                    .isEqualTo("changed 0");
            assertThat(single(statement, "select sum(n) from workspace.large")).isEqualTo("23");

            // Writing is the other's alone, and this process is told whose
            assertThatThrownBy(() -> statement.execute("insert into workspace.notes values (3)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("workspace of " + store.toRealPath() + " is open for writing in process "
                            + other.process.pid() + "; close it there, or only read here")
                    .cause()
                    .isInstanceOfSatisfying(
                            VitrineException.class,
                            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.LOCKED));
            assertThat(single(statement, "select count(*) from workspace.notes"))
                    .isEqualTo("4");
        }
    }

    @Test
    void theNextProcessCanWriteOnceTheFirstHasClosedOrDied() throws Exception {
        Files.createDirectories(store.resolve("runs"));
        try (OtherProcess other = new OtherProcess()) {
            assertThat(other.run("create table workspace.notes (n integer)")).isEqualTo("changed 0");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("insert into workspace.notes values (1)"))
                    .isEqualTo(1);
            try (OtherProcess other = new OtherProcess()) {
                assertThat(other.run("select count(*) from workspace.notes")).isEqualTo("1");
                assertThat(other.run("delete from workspace.notes")).startsWith("55006 workspace of ");
            }
        }
        OtherProcess killed = new OtherProcess();
        assertThat(killed.run("insert into workspace.notes values (2)")).isEqualTo("changed 1");
        killed.kill();
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(single(statement, "select sum(n) from workspace.notes")).isEqualTo("3");
            assertThat(statement.executeUpdate("insert into workspace.notes values (4)"))
                    .isEqualTo(1);
            assertThat(single(statement, "select sum(n) from workspace.notes")).isEqualTo("7");
        }
    }

    @Test
    void changeThatAKillCutShortLeavesNothing() throws Exception {
        Files.createDirectories(store.resolve("runs"));
        Path file = store.resolve("workspace.mv.db");
        String digits = "(values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)";
        OtherProcess killed = new OtherProcess();
        assertThat(killed.run("create table workspace.notes (n integer, text varchar)"))
                .isEqualTo("changed 0");
        assertThat(killed.run("insert into workspace.notes values (1, 'first')"))
                .isEqualTo("changed 1");
        long before = Files.size(file);
        killed.begin("insert into workspace.notes select 1, '" + "a long text ".repeat(20) + "' from " + digits + " a, "
                + digits + " b, " + digits + " c, " + digits + " d, " + digits + " e, " + digits + " f");
        // What is in the file by now is of a transaction that is not committed, to be undone by whoever opens it next.
        while (Files.size(file) < before + 20_000_000) {
            Thread.sleep(5);
        }
        killed.kill();
        try (MVStore left =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            assertThat(left.getMapNames()).anyMatch(name -> name.startsWith("undoLog") && left.hasData(name));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(single(statement, "select sum(n) from workspace.notes")).isEqualTo("1");
            assertThat(statement.executeUpdate("insert into workspace.notes values (2, 'second')"))
                    .isEqualTo(1);
            assertThat(single(statement, "select sum(n) from workspace.notes")).isEqualTo("3");
        }
    }

    @Test
    void tablesAndViewsAreThereAfterClosing() throws Exception {
        SyntheticStore.write(store);
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("create table workspace.labels as select run, prompt, 'é' as label from prompts");
            statement.execute("create view workspace.named as select p.text, l.label, l2_norm(array[3, 4]) as five"
                    + " from prompts p join workspace.labels l using (run, prompt)");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true");
                Statement statement = connection.createStatement()) {
            assertThat(single(statement, "select label from workspace.named where text = 'b' and five = 5"))
                    .isEqualTo("é");
        }
        assertThat(names(store)).containsExactly("runs", "workspace.lock", "workspace.mv.db");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String single(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
