package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.TestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCommandTest {
    private static final String STORE = TestStore.folder().toString();

    @Test
    void aTableIsForPeople() {
        CommandRun run = CommandRun.of(
                "sql",
                "--store",
                STORE,
                "-e",
                "SELECT pos, pos / 3E0 AS third, NULLIF(run, 'rrt') AS run, CAST(ARRAY[0.5, 2, 3, 4, 5] AS REAL ARRAY) AS v "
                        + "FROM tokens WHERE prompt = 0 AND pos BETWEEN 9 AND 10 ORDER BY pos; SELECT 'a\nb' AS s");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                        pos    third  run   v
                        ---  -------  ----  -------------------
                          9        3  NULL  [0.5, 2, 3, 4, … 5]
                         10  3.33333  NULL  [0.5, 2, 3, 4, … 5]

                        s
                        ----
                        a\\nb
                        """);
        assertThat(run.err()).matches("2 rows, [0-9.]+ s\\R1 row, [0-9.]+ s\\R");
    }

    @Test
    void csvAndJsonAreForPrograms() {
        String sql = "SELECT pos, CAST(1 AS REAL) / 3 AS third FROM tokens WHERE prompt = 0 AND pos < 2 ORDER BY pos";
        CommandRun csv = CommandRun.of("sql", "-s", STORE, "--format", "csv", "-e", sql);
        assertThat(csv.out()).isEqualTo("pos,third\n0,0.33333334\n1,0.33333334\n");
        CommandRun json = CommandRun.of("sql", "-s", STORE, "--format", "JSON", "-e", sql);
        assertThat(json.out())
                .contains("\"rows\":[[0,0.33333334],[1,0.33333334]]")
                .endsWith("\"status\":\"complete\"}" + System.lineSeparator());
    }

    @Test
    void statementsComeFromAPipeOrAFile(@TempDir Path folder) throws Exception {
        String script = "-- two\nSELECT 1 AS one;\nSELECT 2 AS two;\n";
        String expected = "one\n1\ntwo\n2\n";
        assertThat(CommandRun.withInput(script, "sql", "-s", STORE, "--format", "csv")
                        .out())
                .isEqualTo(expected);
        String file = Files.writeString(folder.resolve("script.sql"), script).toString();
        assertThat(CommandRun.of("sql", "-s", STORE, "--format", "csv", "-f", file)
                        .out())
                .isEqualTo(expected);
        String none = folder.resolve("none.sql").toString();
        CommandRun missing = CommandRun.of("sql", "-s", STORE, "-f", none);
        assertThat(missing.exitCode()).isEqualTo(3);
        assertThat(missing.err()).contains("none.sql; expected a file of SQL statements");
    }

    @Test
    void aFailureIsOneLineAndStopsTheScript() {
        String script = "SELECT 1 AS one; SELECT nope FROM runs; SELECT 2 AS two";
        CommandRun run = CommandRun.of("sql", "-s", STORE, "--format", "csv", "-e", script);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("one\n1\n");
        assertThat(run.err().lines().skip(1))
                .containsExactly("error: line 1, column 8: Column 'nope' not found in any table");
    }

    @Test
    void theTimeoutHasAnExitCodeOfItsOwn() {
        String endless = "SELECT COUNT(*) FROM attention a, attention b, attention c";
        CommandRun run = CommandRun.of("sql", "-s", STORE, "--timeout", "1", "-e", endless);
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo("error: the query ran longer than its limit of 1000 ms and was stopped after 0 rows"
                        + System.lineSeparator());
    }

    @Test
    void theWorkspaceIsWrittenUnlessToldNotTo(@TempDir Path folder) {
        String store = CommandRun.smallStore(folder);
        CommandRun written = CommandRun.of(
                "sql",
                "-s",
                store,
                "--format",
                "csv",
                "-e",
                "CREATE TABLE workspace.labels (prompt INTEGER, label VARCHAR); "
                        + "INSERT INTO workspace.labels VALUES (0, 'first'), (1, 'second'); "
                        + "SELECT p.prompt, l.label FROM prompts p JOIN workspace.labels l ON l.prompt = p.prompt ORDER BY 1");
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(written.out()).isEqualTo("prompt,label\n0,first\n1,second\n");
        assertThat(written.err()).startsWith("done").contains("2 rows changed");
        CommandRun refused = CommandRun.of("sql", "-s", store, "--read-only", "-e", "DROP TABLE workspace.labels");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("error: ");
        String count = "SELECT COUNT(*) AS n FROM workspace.labels";
        CommandRun read = CommandRun.of("sql", "-s", store, "--read-only", "--format", "csv", "-e", count);
        assertThat(read.out()).isEqualTo("n\n2\n");
    }

    @Test
    void aStoreThatIsNotThereCannotBeOpened(@TempDir Path folder) {
        CommandRun run = CommandRun.of("sql", "-s", folder.resolve("none").toString(), "-e", "SELECT 1");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .startsWith("error: store ")
                .contains("no such folder")
                .hasLineCount(1);
    }
}
