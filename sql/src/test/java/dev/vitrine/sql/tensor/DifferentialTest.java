package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries, each fused, through Calcite's own operators and in DuckDB. A failure names the seed of its query. System property
 * {@code vitrine.queries} sets how many there are, {@code vitrine.seed} where they begin.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {
    private static final int QUERIES = Integer.getInteger("vitrine.queries", 120);
    private static final long SEED = Long.getLong("vitrine.seed", 1);

    private Oracles oracles;

    @BeforeAll
    void writeStore(@TempDir Path folder) throws SQLException {
        RandomRun.of("alpha", true, 2, 4, 2, 7, 1, 12).write(folder, 1);
        RandomRun.of("beta", false, 1, 2, 2, 5, 3).write(folder, 2);
        RandomRun.of("gamma", true, 3, 2, 1, 4).withLayers(0, 2).write(folder, 3);
        oracles = new Oracles(folder);
    }

    @AfterAll
    void close() throws SQLException {
        oracles.close();
    }

    @Test
    void fusedAgreesWithCalciteAndDuckDb() throws SQLException {
        for (long seed = SEED; seed < SEED + QUERIES; seed++) {
            String sql = new RandomQuery(seed).any();
            String what = "seed " + seed + ": " + sql;
            try {
                Answer fused = oracles.fused(sql);
                fused.isSameAs(oracles.duckdb(sql), what + "\nfused, then DuckDB");
                fused.isSameAs(oracles.unfused(sql), what + "\nfused, then unfused");
            } catch (SQLException e) {
                throw new SQLException(what, e);
            }
        }
    }

    /** TLP: a condition, its negation and its absence part the rows of a table. */
    @Test
    void conditionsPartTheRows() throws SQLException {
        for (long seed = SEED; seed < SEED + QUERIES / 3; seed++) {
            RandomQuery query = new RandomQuery(seed);
            String condition = query.condition(3);
            String from = "SELECT COUNT(*) c FROM " + query.source() + " t";
            String parts = "SELECT SUM(c) FROM (" + from + " WHERE " + condition + " UNION ALL " + from + " WHERE NOT ("
                    + condition + ") UNION ALL " + from + " WHERE (" + condition + ") IS NULL) AS parts";
            oracles.fused(from).isSameAs(oracles.fused(parts), "seed " + seed + ": " + condition);
        }
    }

    /** NoREC: a condition passes as many rows as it is true for. */
    @Test
    void conditionsCountWhatTheyPass() throws SQLException {
        for (long seed = SEED; seed < SEED + QUERIES / 3; seed++) {
            RandomQuery query = new RandomQuery(seed);
            String condition = query.condition(3);
            String rows = "SELECT t.run, t.prompt, t.layer, " + query.payload() + " FROM " + query.source()
                    + " t WHERE " + condition;
            String count = "SELECT SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END) FROM " + query.source() + " t";
            assertThat(oracles.fused(rows).size())
                    .as("seed " + seed + ": " + condition)
                    .isEqualTo(oracles.fused(count).count());
        }
    }
}
