package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements with parameters for coordinates, fused, beside the same with numbers in their place through Calcite's own operators. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParametersTest {
    private static final long[] OFFSETS = {0, 3, 7, -5, 89, 90, 2_000_000_000, -2_000_000_000};
    private static final long[] WIDE = {(1L << 32) + 3, 1L << 62, -(1L << 62)};

    private Oracles oracles;

    @BeforeAll
    void writeStore(@TempDir Path folder) throws SQLException {
        RandomRun.of("alpha", true, 2, 4, 2, 7, 1, 12).write(folder, 4);
        RandomRun.of("beta", false, 1, 2, 2, 5, 3).write(folder, 5);
        RandomRun.of("gamma", true, 3, 2, 1, 90).withLayers(0, 2).write(folder, 6);
        oracles = new Oracles(folder);
    }

    @AfterAll
    void close() throws SQLException {
        oracles.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT run, layer, head, AVG(weight), COUNT(*) FROM attention WHERE key_pos = query_pos - ? GROUP BY run, layer, head",
                "SELECT run, key_pos, SUM(weight), SUM(query_pos - key_pos) FROM attention WHERE query_pos - key_pos = ?"
                        + " GROUP BY run, key_pos",
                "SELECT run, key_pos, MAX(weight), COUNT(*) FROM attention WHERE key_pos = ? GROUP BY run, key_pos",
                "SELECT run, prompt, layer, head, query_pos, key_pos, weight FROM attention WHERE ? = key_pos AND weight > 0.1",
                "SELECT run, SUM(weight), COUNT(*) FROM attention WHERE key_pos = query_pos - ? AND key_pos < 4 GROUP BY run",
                "SELECT k.token, SUM(a.weight), COUNT(*) FROM attention a JOIN tokens k ON a.run = k.run AND a.prompt = k.prompt"
                        + " AND a.key_pos = k.pos WHERE a.key_pos = a.query_pos - ? GROUP BY k.token",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos >= query_pos - ?",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE query_pos - key_pos >= ?",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos < ?",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos <= ?",
                "SELECT run, COUNT(*) FILTER (WHERE key_pos < ?), SUM(weight) FROM attention WHERE key_pos > 1 GROUP BY run",
                "SELECT COUNT(*), SUM(activation), MAX(pos) FROM neurons WHERE neuron = ?",
                "SELECT pos, SUM(activation) FROM neurons WHERE neuron = pos - ? GROUP BY pos"
            })
    void agreeWithNumbers(String sql) throws Exception {
        for (long offset : OFFSETS) {
            agree(sql, offset);
        }
        for (long offset : WIDE) {
            agree(sql.replace("?", "CAST(? AS BIGINT)"), offset);
        }
        agree(sql.replace("?", "CAST(? AS BIGINT)"), 3);
        agree(sql.replace("?", "CAST(? AS SMALLINT)"), 3);
        agree(sql.replace("?", "CAST(? AS TINYINT)"), -1);
        nothing(sql);
    }

    private void agree(String sql, long parameter) throws Exception {
        Answer fused = oracles.fused(sql, List.of(parameter));
        String number = "(" + parameter + ")";
        String literal = sql.replaceAll("CAST\\(\\? AS \\w+\\)", "?").replace("?", number);
        Oracles.withoutFusion(() -> fused.isSameAs(oracles.unfused(literal), sql + " with " + parameter));
    }

    /** NULL equals no coordinate. */
    private void nothing(String sql) throws Exception {
        Answer fused = oracles.fused(sql, Collections.singletonList(null));
        Oracles.withoutFusion(
                () -> fused.isSameAs(oracles.unfused(sql.replace("?", "CAST(NULL AS INTEGER)")), sql + " with NULL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 1 2 6", "2 1 3 11", "0 0 0 7", "3 0 0 0", "0 2 0 0", "-1 0 0 0", "0 1 0 2147483647"})
    void aRowIsFoundByItsPlace(String place) throws Exception {
        String sql =
                "SELECT run, key_pos, weight FROM attention WHERE prompt = ? AND layer = ? AND head = ? AND query_pos = ?";
        List<Integer> parameters =
                Arrays.stream(place.split(" ")).map(Integer::valueOf).toList();
        Answer fused = oracles.fused(sql, parameters);
        String literal = sql;
        for (Integer parameter : parameters) {
            literal = literal.replaceFirst("\\?", "(" + parameter + ")");
        }
        String numbers = literal;
        Oracles.withoutFusion(() -> fused.isSameAs(oracles.unfused(numbers), numbers));
        assertThat(oracles.fused(sql, Arrays.asList(0, 1, 2, null)).size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key_pos, COUNT(*), SUM(weight) FROM attention WHERE weight > ? GROUP BY key_pos",
                "SELECT run, key_pos, COUNT(*), SUM(weight) FROM attention WHERE ? <= weight GROUP BY run, key_pos"
            })
    void limitsOfWeightsAgreeWithNumbers(String sql) throws Exception {
        for (String limit : List.of("0.25", "0", "1.5", "-3")) {
            Answer fused = oracles.fused(sql, List.of(Float.valueOf(limit)));
            String number = sql.replace("?", limit + "e0");
            Oracles.withoutFusion(() -> fused.isSameAs(oracles.unfused(number), number));
        }
        assertThat(oracles.fused(sql, Collections.singletonList(null)).size()).isZero();
    }

    /** The largest and the least number of BIGINT leave what they say, though the sums around them are beyond it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "key_pos <= ? max",
                "key_pos > ? min",
                "query_pos - key_pos >= ? min",
                "query_pos - key_pos <= ? max",
                "NOT key_pos > ? max",
                "key_pos < ? max",
                "? <= key_pos min"
            })
    void theEndsOfBigintPassAll(String condition) throws Exception {
        long end = condition.endsWith("max") ? Long.MAX_VALUE : Long.MIN_VALUE;
        String sql = "SELECT COUNT(*), SUM(weight) FROM attention";
        String where =
                " WHERE " + condition.substring(0, condition.length() - 4).replace("?", "CAST(? AS BIGINT)");
        oracles.fused(sql + where, List.of(end)).isSameAs(oracles.fused(sql), condition);
    }
}
