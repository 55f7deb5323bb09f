package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A statement cancelled, late or closed early ends soon, and the next one runs as before. */
class StoppingTest {
    /** Joins every cell with every cell of its row: hours. */
    private static final String ENDLESS =
            "SELECT SUM(a.weight * b.weight * LN(c.weight + 2)) FROM attention a JOIN attention b ON a.run = b.run AND a.prompt ="
                    + " b.prompt JOIN attention c ON a.run = c.run AND a.prompt = c.prompt";

    @TempDir
    Path folder;

    @BeforeEach
    void writeStore() {
        RandomRun.of("long", true, 2, 2, 2, 300).write(folder, 1);
    }

    @Test
    void timeLimitEndsLoops() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            Instant start = Instant.now();
            assertThatThrownBy(() -> statement.executeQuery(ENDLESS).next()).isInstanceOf(SQLException.class);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
            statement.setQueryTimeout(0);
            assertThat(count(statement)).isPositive();
        }
    }

    @Test
    void cancelEndsLoops() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> {
                try {
                    statement.executeQuery(ENDLESS).next();
                    return new AssertionError("it ended");
                } catch (SQLException e) {
                    return e;
                }
            });
            while (!failure.isDone()) {
                TimeUnit.MILLISECONDS.sleep(300);
                statement.cancel();
            }
            assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void closingRowsEarlyLeavesNoThreadAtWork() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT * FROM attention WHERE weight < 2")) {
                assertThat(rows.next()).isTrue();
            }
            assertThat(count(statement)).isEqualTo(2 * 2 * 300 * 301 / 2);
        }
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(Thread.getAllStackTraces().entrySet())
                .filteredOn(thread -> thread.getKey().getName().startsWith("vitrine-tensor"))
                .noneMatch(thread -> java.util.Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals("Generated")));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM attention")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
