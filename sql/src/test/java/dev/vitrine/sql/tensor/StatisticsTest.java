package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What statistics answer is answered without the weights: these are 0 in the file, behind the engine's back, when it is asked. */
class StatisticsTest {
    private static final String ROWS =
            " FROM attention GROUP BY run, prompt, layer, head, query_pos ORDER BY 1, 2, 3, 4";

    @TempDir
    private Path store;

    @BeforeEach
    void write() {
        RandomRun.of("run", true, 2, 3, 1, 23, 5, 1).write(store, 11);
    }

    /** Tiles have a file of their own, so that the weights' is not even verified. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*), MIN(weight), MAX(weight), SUM(weight), AVG(weight) FROM attention",
                "SELECT prompt, layer, AVG(weight) FROM attention WHERE head <> 1 GROUP BY prompt, layer ORDER BY 1, 2",
                "SELECT COUNT(*) FROM attention WHERE weight > 1.5",
                "SELECT * FROM attention WHERE weight < -0.25 AND weight <> 3",
                "SELECT * FROM attention WHERE weight = 3 LIMIT 2",
            })
    void tilesAnswer(String sql) throws Exception {
        String expected = rows(sql);
        overwrite(weights());
        assertThat(rows(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT prompt, layer, head, query_pos, MIN(weight), MAX(weight), SUM(weight), COUNT(*)" + ROWS,
                "SELECT head, AVG(weight), MAX(weight) FROM attention WHERE query_pos > 1 GROUP BY head ORDER BY head",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE MOD(query_pos, 3) = 1",
            })
    void rowsAnswer(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store)) {
            String expected = rows(connection, sql);
            byte[] weights = weights(connection);
            overwrite(weights);
            assertThat(rows(connection, "SELECT COUNT(*), SUM(weight * 2) FROM attention"))
                    .isEqualTo("1752 0.0\n");
            assertThat(rows(connection, sql)).isEqualTo(expected);
        }
    }

    /** A box of 7 cells ends within most rows, whose statistics then say too much. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*), MIN(weight), MAX(weight), SUM(weight), AVG(weight) FROM attention",
                "SELECT prompt, layer, head, query_pos, MIN(weight), MAX(weight), SUM(weight), COUNT(*)" + ROWS,
            })
    void boxesThatCutRowsCountThemOnce(String sql) throws Exception {
        String expected = rows(sql);
        System.setProperty("vitrine.boxCells", "7");
        try {
            assertThat(rows(sql)).isEqualTo(expected);
        } finally {
            System.clearProperty("vitrine.boxCells");
        }
    }

    /** Rows without a 0 are not read: their weights are 0 by now and would all pass. */
    @Test
    void rowsAreLeftOutByTheirLeastWeight() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store)) {
            String cells = "SELECT SUM(cells) FROM (SELECT COUNT(*) AS cells, MIN(weight) AS least FROM attention"
                    + " GROUP BY run, prompt, layer, head, query_pos) WHERE least ";
            String ofOthers = rows(connection, cells + "= 0");
            assertThat(rows(connection, cells + "> 0")).isNotEqualTo("null\n");
            overwrite(weights(connection));
            assertThat(rows(connection, "SELECT COUNT(*) FROM attention WHERE weight < 0.0078125"))
                    .isEqualTo(ofOthers);
            assertThat(rows(connection, "SELECT COUNT(*) FROM attention WHERE weight * 2 < 0.0078125"))
                    .isEqualTo("1752\n");
        }
    }

    private byte[] weights() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store)) {
            return weights(connection);
        }
    }

    /** All weights, as the file has them. */
    private static byte[] weights(Connection connection) throws SQLException {
        List<Float> weights = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT weight FROM attention ORDER BY prompt, layer, head, query_pos, key_pos")) {
            while (rows.next()) {
                weights.add(rows.getFloat(1));
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(weights.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.forEach(bytes::putFloat);
        return bytes.array();
    }

    private void overwrite(byte[] weights) throws IOException {
        Path file = store.resolve("runs/run/attention.arrow");
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        int at = bytes.indexOf(new String(weights, StandardCharsets.ISO_8859_1));
        assertThat(at).isPositive();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(weights.length), at);
        }
    }

    private String rows(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store)) {
            return rows(connection, sql);
        }
    }

    private static String rows(Connection connection, String sql) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int i = 1; i <= columns; i++) {
                    text.append(i == 1 ? "" : " ").append(rows.getObject(i));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
