package dev.vitrine.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sqlline.SqlLine;

/** A client that we did not write. */
class SqllineTest {
    private static TestServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = new TestServer(QueryLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private String sqlline(String password, String script) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        SqlLine sqlline = new SqlLine();
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        sqlline.setOutputStream(stream);
        sqlline.setErrorStream(stream);
        String[] arguments = {
            "-u",
            server.server().jdbcUrl() + ";avatica_password=" + password,
            "-n",
            "",
            "-p",
            "",
            "--outputformat=csv",
            "-f",
            Files.writeString(folder.resolve("script.sql"), script).toString()
        };
        sqlline.begin(arguments, null, false);
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itListsTablesAndReadsVectors() throws Exception {
        String output = sqlline(TestServer.TOKEN, """
                !tables
                SELECT pos, vector FROM queries WHERE prompt = 0 AND layer = 0 AND head = 0 AND pos < 2 ORDER BY pos;
                SELECT COUNT(*) AS n FROM attention;
                """);
        assertThat(output).contains("'vitrine','attention'").contains("'vitrine','hidden_states'");
        assertThat(output).containsPattern("'0','\\[-?[0-9.E-]+(, -?[0-9.E-]+){15}]'");
        assertThat(output).contains("'32800'");
    }

    @Test
    void itIsToldThatThePasswordIsWrong() throws Exception {
        String output = sqlline("wrong-token-0123456789", "SELECT 1;\n");
        assertThat(output).contains("the password is not the token that this server was started with");
        assertThat(output).doesNotContain("EXPR$0");
    }

    @Test
    void itIsToldWhatIsWrongWithItsSql() throws Exception {
        String output = sqlline(TestServer.TOKEN, "SELECT nope FROM tokens;\n");
        assertThat(output).contains("line 1, column 8").contains("42S22");
    }
}
