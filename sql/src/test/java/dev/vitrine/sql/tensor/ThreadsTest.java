package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the number of threads and of clients does to results: nothing, to the last bit and the order of rows. */
@Tag("vector")
class ThreadsTest {
    private static final int CLIENTS = 16;

    /** Sums, user aggregates, groups by coordinate and by hash, first rows, pairs of vectors: of 270 thousand cells, several boxes each. */
    private static final List<String> QUERIES = List.of(
            "SELECT layer, head, SUM(weight), AVG(weight * (query_pos - key_pos)) FROM attention GROUP BY layer, head",
            "SELECT SUM(weight * LN(weight)), COUNT(*) FROM attention WHERE weight > 0",
            "SELECT layer, weighted_corr(weight, query_pos - key_pos, 1) FROM attention GROUP BY layer",
            "SELECT SUM(weight) AS s FROM attention GROUP BY FLOOR(weight * 50), head ORDER BY s",
            "SELECT layer, head, query_pos, weight FROM attention ORDER BY weight DESC LIMIT 50",
            "SELECT head, weighted_corr(dot(q.vector, k.vector), q.pos - k.pos, 1) FROM queries q JOIN keys k USING (run, prompt,"
                    + " layer, head) WHERE k.pos <= q.pos GROUP BY head",
            "SELECT key_pos, weight FROM attention WHERE prompt = 1 AND query_pos > 200 AND weight > 0.01");

    @TempDir
    Path folder;

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty("vitrine.threads");
    }

    @Test
    void resultsDoNotDependOnThreads() throws SQLException {
        RandomRun.of("run", true, 3, 2, 1, 300, 1, 290).write(folder, 7);
        try (Connection connection = connect()) {
            List<List<List<Object>>> expected = answers(connection, 1);
            for (int threads : new int[] {2, 3, 7}) {
                assertThat(answers(connection, threads))
                        .as("%d threads", threads)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void clientsAtOnceGetWhatOneGets() throws SQLException, InterruptedException, ExecutionException {
        RandomRun.of("run", true, 3, 2, 1, 300, 1, 290).write(folder, 7);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (Connection connection = connect()) {
            List<List<List<Object>>> expected = answers(connection, 2);
            List<Future<List<List<List<Object>>>>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(() -> {
                    try (Connection own = connect()) {
                        return answers(own, 2);
                    }
                }));
            }
            for (Future<List<List<List<Object>>>> each : running) {
                assertThat(each.get()).isEqualTo(expected);
            }
            long helpers = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("vitrine-tensor-"))
                    .count();
            assertThat(helpers).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        } finally {
            clients.shutdownNow();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:vitrine:" + folder + "?readonly=true");
    }

    private static List<List<List<Object>>> answers(Connection connection, int threads) throws SQLException {
        System.setProperty("vitrine.threads", String.valueOf(threads));
        List<List<List<Object>>> answers = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (String sql : QUERIES) {
                List<List<Object>> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery(sql)) {
                    while (result.next()) {
                        List<Object> row = new ArrayList<>();
                        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                            row.add(result.getObject(column));
                        }
                        rows.add(row);
                    }
                }
                answers.add(rows);
            }
        }
        return answers;
    }
}
