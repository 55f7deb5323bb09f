package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores at the edge: no run, a run without prompts, one token and one head, weights that are no ordinary numbers. */
@Tag("vector")
class OddShapesTest {
    private static final String SUMMARY =
            "SELECT COUNT(*), SUM(weight), MIN(weight), MAX(weight), COUNT(DISTINCT key_pos) FROM attention";

    @TempDir
    Path folder;

    @Test
    void runWithoutPromptsHasNoRowsAndOneSum() throws SQLException {
        RandomRun.of("empty", true, 2, 3, 1).write(folder, 1);
        assertThat(rows(SUMMARY)).isEqualTo("0 null null null 0\n");
        assertThat(rows("SELECT layer, COUNT(*) FROM attention GROUP BY layer")).isEmpty();
        assertThat(rows("SELECT * FROM attention ORDER BY weight DESC LIMIT 3")).isEmpty();
    }

    @Test
    void oneTokenAndOneHead() throws SQLException {
        RandomRun.of("tiny", true, 1, 1, 1, 1).withOdd(0.5f).write(folder, 1);
        assertThat(rows("SELECT COUNT(*), COUNT(weight), MAX(query_pos) FROM attention"))
                .isEqualTo("1 1 0\n");
        assertThat(rows("SELECT COUNT(*) FROM attention WHERE key_pos = query_pos - 255"))
                .isEqualTo("0\n");
        assertThat(rows("SELECT COUNT(*) FROM attention WHERE key_pos < -5 OR prompt > 1000000"))
                .isEqualTo("0\n");
    }

    @Test
    void nanSortsAboveAllNumbersAndFailsComparisons() throws SQLException {
        RandomRun.of("odd", true, 1, 1, 1, 40)
                .withOdd(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)
                .write(folder, 3);
        assertThat(rows("SELECT MAX(weight) FROM attention")).isEqualTo("NaN\n");
        assertThat(rows("SELECT MIN(weight) FROM attention")).isEqualTo("-Infinity\n");
        assertThat(rows("SELECT weight FROM attention ORDER BY weight DESC LIMIT 1"))
                .isEqualTo("NaN\n");
        assertThat(rows("SELECT MAX(weight) FROM attention WHERE weight < 2")).isEqualTo("1.0\n");
        assertThat(rows("SELECT MAX(weight) FROM attention WHERE weight > 2")).isEqualTo("Infinity\n");
        assertThat(rows("SELECT COUNT(*), SUM(weight), AVG(weight) FROM attention"))
                .isEqualTo("820 NaN NaN\n");
        String smallest = "SELECT weight FROM attention WHERE weight > -2 ORDER BY weight LIMIT 1";
        assertThat(rows(smallest)).isEqualTo("0.0\n");
        String numbers = rows("SELECT weight FROM attention")
                        .lines()
                        .filter(weight -> !weight.equals("NaN"))
                        .count()
                + "\n";
        assertThat(numbers).isNotEqualTo("820\n");
        assertThat(rows("SELECT SUM(n) FROM (SELECT COUNT(*) AS n FROM attention WHERE weight >= 0.5 UNION ALL"
                        + " SELECT COUNT(*) FROM attention WHERE NOT (weight >= 0.5)) AS parts"))
                .isEqualTo(numbers);
        assertThat(rows("SELECT SUM(n) FROM (SELECT key_pos, COUNT(*) AS n, SUM(weight) FROM attention"
                        + " WHERE weight >= CAST('-Infinity' AS DOUBLE) GROUP BY key_pos) AS groups"))
                .isEqualTo(numbers);
    }

    @Test
    void runsOfDifferentShapesAnswerTogether() throws SQLException {
        RandomRun.of("a", true, 1, 2, 1, 3).write(folder, 1);
        RandomRun.of("b", false, 3, 1, 1, 2, 4).withLayers(2).write(folder, 2);
        assertThat(rows("SELECT run, layer, head, COUNT(*) FROM attention GROUP BY run, layer, head ORDER BY 1, 2, 3"))
                .isEqualTo("a 0 0 6\na 0 1 6\nb 2 0 20\n");
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreads() throws SQLException {
        RandomRun.of("long", true, 3, 4, 2, 200, 3, 150).write(folder, 9);
        String sql = "SELECT SUM(weight * LN(weight + 1)), weighted_corr(weight, query_pos, 1) FROM attention";
        String first = rows(sql);
        for (int i = 0; i < 5; i++) {
            assertThat(rows(sql)).isEqualTo(first);
        }
    }

    @Test
    void largestCellsBesideAJoinedTable() throws SQLException {
        RandomRun.of("a", true, 1, 2, 1, 9, 4).write(folder, 5);
        String join = " t LEFT JOIN tokens k ON k.run = t.run AND k.prompt = t.prompt AND k.pos = t.query_pos";
        String group = " GROUP BY t.head ORDER BY 1";
        assertThat(rows("SELECT t.head, MAX(t.weight) FROM attention" + join + group))
                .isEqualTo(rows("SELECT t.head, MAX(t.weight) FROM attention t" + group));
        assertThat(rows("SELECT t.head, MAX(t.weight) FROM attention" + join + " WHERE (t.run = 'x') IS TRUE" + group))
                .isEmpty();
    }

    @Test
    void textThatIsAlwaysNullHasNoLength() throws SQLException {
        RandomRun.of("a", true, 1, 1, 1, 3).write(folder, 5);
        assertThat(rows("SELECT COUNT(CHAR_LENGTH(CASE WHEN 2 >= 6 THEN run END)), COUNT(*) FROM attention"))
                .isEqualTo("0 6\n");
    }

    private String rows(String sql) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + folder);
                Statement statement = connection.createStatement();
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
