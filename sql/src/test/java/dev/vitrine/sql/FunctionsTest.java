package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.udfs.FunctionCatalog;
import dev.vitrine.udfs.FunctionDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions in SQL, beside what their scripts show. */
class FunctionsTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        GoldenStore.write(folder, "gpt2");
    }

    static List<String> functions() {
        return FunctionCatalog.load().functions().stream()
                .map(FunctionDescription::name)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aScriptShowsWhatTheFunctionGives(String function) {
        assertThat(Path.of("src/test/resources/scripts/functions", function + ".iq"))
                .content()
                .contains(function + "(");
    }

    /** DuckDB's corr of the same values, to 1e-12: both accumulate in float64. */
    @Test
    void weightedCorrAtEqualWeightsIsDuckDbsCorr() throws SQLException {
        try (Connection vitrine = DriverManager.getConnection("jdbc:vitrine:" + folder);
                Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement load = duckDb.createStatement();
                Statement read = vitrine.createStatement()) {
            load.execute("create table cells (head integer, distance integer, weight real)");
            try (PreparedStatement insert = duckDb.prepareStatement("insert into cells values (?, ?, ?)");
                    ResultSet rows = read.executeQuery(
                            "select layer * 10 + head, query_pos - key_pos, weight from attention where run = 'gpt2'")) {
                while (rows.next()) {
                    insert.setInt(1, rows.getInt(1));
                    insert.setInt(2, rows.getInt(2));
                    insert.setFloat(3, rows.getFloat(3));
                    insert.execute();
                }
            }
            String ours = "select layer * 10 + head as head, weighted_corr(query_pos - key_pos, weight, 2.5) as r"
                    + " from attention where run = 'gpt2' group by layer * 10 + head order by head";
            String theirs = "select head, corr(distance, weight) as r from cells group by head order by head";
            try (ResultSet a = read.executeQuery(ours);
                    ResultSet b = load.executeQuery(theirs)) {
                int heads = 0;
                while (b.next()) {
                    assertThat(a.next()).isTrue();
                    assertThat(a.getInt(1)).isEqualTo(b.getInt(1));
                    assertThat(a.getDouble(2)).isCloseTo(b.getDouble(2), within(1e-12));
                    heads++;
                }
                assertThat(a.next()).isFalse();
                assertThat(heads).isEqualTo(9);
            }
        }
    }
}
