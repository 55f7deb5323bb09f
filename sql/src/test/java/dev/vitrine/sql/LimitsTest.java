package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row limits, time limits and cancelling. */
class LimitsTest {
    @TempDir
    private static Path folder;

    private static Connection connection;

    @BeforeAll
    static void open() throws SQLException {
        List<String> prompts = Collections.nCopies(20, String.join(" ", Collections.nCopies(60, "a")));
        SyntheticStore.write(folder, "wide", SyntheticStore.card("m", "encoder", 2, 4, 4, 4, 2, 4), prompts);
        connection = DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @Test
    void noMoreRowsComeThanAskedFor() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(5);
            assertThat(count(statement.executeQuery("select weight from attention")))
                    .isEqualTo(5);
        }
        try (PreparedStatement statement =
                connection.prepareStatement("select weight from attention where layer = ?")) {
            statement.setInt(1, 1);
            statement.setMaxRows(7);
            assertThat(count(statement.executeQuery())).isEqualTo(7);
            statement.setMaxRows(0);
            assertThat(count(statement.executeQuery())).isEqualTo(20 * 4 * 3600);
        }
    }

    /** Each would run for minutes: a scan joined with itself, a join without a condition, a condition that no row meets, a sort. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "select count(*) from attention a join attention b on a.prompt = b.prompt",
                "select count(*) from attention a, attention b where a.weight > b.weight + 1",
                "select a.pos from tokens a, tokens b, tokens c, tokens d where a.pos + b.pos + c.pos + d.pos < 0",
                "select sum(l2_norm(q.vector)) from queries q join keys k using (run) join keys l using (run)",
                "select a.weight from attention a, tokens b order by a.weight limit 3",
            })
    void aStatementEndsAtItsTimeLimitOrWhenCancelled(String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            Instant start = Instant.now();
            assertThatThrownBy(() -> count(statement.executeQuery(sql)))
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessage("the statement ran longer than its limit of 1.0 s")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("57014");
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            CompletableFuture<Void> cancel = CompletableFuture.runAsync(() -> {
                try {
                    Thread.sleep(300);
                    statement.cancel();
                } catch (SQLException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> count(statement.executeQuery()))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("the statement was cancelled")
                    .cause()
                    .isInstanceOfSatisfying(
                            VitrineException.class,
                            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.CANCELLED));
            cancel.get();
        }
    }

    @Test
    void aStatementCanBeUsedAgainAfterItWasCancelled() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select weight from attention")) {
            assertThat(rows.next()).isTrue();
            statement.cancel();
            assertThatThrownBy(rows::next).hasMessage("the statement was cancelled");
            assertThat(count(statement.executeQuery("select prompt from prompts")))
                    .isEqualTo(20);
        }
    }

    @Test
    void aCancelledChangeLeavesNothing() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute(
                            "create table workspace.big as select a.weight from attention a, attention b"))
                    .isInstanceOf(SQLTimeoutException.class);
            statement.setQueryTimeout(0);
            assertThatThrownBy(() -> statement.executeQuery("select * from workspace.big"))
                    .hasMessage("line 1, column 15: Object 'big' not found within 'workspace'");
            statement.execute("create table workspace.big (x integer)");
            statement.execute("drop table workspace.big");
        }
    }

    private static long count(ResultSet rows) throws SQLException {
        try (rows) {
            long count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        }
    }
}
