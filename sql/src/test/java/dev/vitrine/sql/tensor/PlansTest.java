package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which shapes of queries are fused, as EXPLAIN PLAN FOR shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest {
    private Connection connection;

    PlansTest(@TempDir Path folder) throws SQLException {
        RandomRun.of("alpha", true, 2, 4, 2, 7, 12).write(folder, 1);
        connection = DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    @BeforeAll
    void prepare() throws SQLException {
        plan("SELECT 1");
    }

    @Test
    void diagonalIsABoundOfTheLoop() throws SQLException {
        assertThat(
                        plan(
                                "SELECT layer, head, AVG(weight) FROM attention WHERE key_pos = query_pos - 3 GROUP BY layer, head"))
                .contains("tensors=[[attention]]", "bounds=[[=(key_pos, -(query_pos, 3))]]", "group=[[layer, head]]")
                .doesNotContain("EnumerableAggregate", "conditions");
    }

    @Test
    void constantsLimitTheCells() throws SQLException {
        assertThat(plan("SELECT weight FROM attention WHERE prompt = 0 AND layer = 1 AND head = 2 AND query_pos = 5"))
                .contains("cells=[6]")
                .doesNotContain("unfused");
    }

    @Test
    void topRowsGoPastJoinsWithTokens() throws SQLException {
        String plan = plan("SELECT a.weight, q.token, k.token FROM attention a"
                + " JOIN tokens q ON q.run = a.run AND q.prompt = a.prompt AND q.pos = a.query_pos"
                + " JOIN tokens k ON k.run = a.run AND k.prompt = a.prompt AND k.pos = a.key_pos"
                + " ORDER BY a.weight DESC LIMIT 20");
        assertThat(plan).contains("top=[[0 DESC] fetch 20]").doesNotContain("Join");
    }

    @Test
    void aggregationGoesPastJoinsWithSmallTables() throws SQLException {
        assertThat(plan(
                        "SELECT t.token, weighted_corr(a.weight, a.query_pos, 1) FROM attention a JOIN tokens t ON t.run = a.run"
                                + " AND t.prompt = a.prompt AND t.pos = a.key_pos GROUP BY t.token"))
                .contains("group=[[token]]", "joins=[[INNER ON [run, prompt, key_pos]]]")
                .doesNotContain("EnumerableAggregate", "EnumerableHashJoin");
    }

    @Test
    void pairsOfVectorsAreOneNest() throws SQLException {
        assertThat(plan(
                        "SELECT q.layer, weighted_corr(dot(q.vector, k.vector), q.pos - k.pos, 1) FROM queries q JOIN keys k ON"
                                + " q.run = k.run AND q.prompt = k.prompt AND q.layer = k.layer AND q.head = k.head WHERE k.pos <="
                                + " q.pos GROUP BY q.layer"))
                .contains("tensors=[[queries, keys]]")
                .doesNotContain("Join");
    }

    @Test
    void rowsThatGoUnfusedSayWhereTo() throws SQLException {
        assertThat(plan("SELECT SUM(weight) OVER (PARTITION BY layer) FROM attention"))
                .contains("unfused=[rows of attention go one by one to EnumerableWindow, because SUM(");
    }

    @Test
    void rowsThatGoUnfusedHaveABudget() throws SQLException {
        System.setProperty("vitrine.rowBudget", "10");
        try (Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement
                            .executeQuery("SELECT SUM(weight) OVER (PARTITION BY layer) FROM attention")
                            .next())
                    .hasMessageContaining("rows of attention go one by one to EnumerableWindow")
                    .hasMessageContaining("more of them than the 10 that system property vitrine.rowBudget allows");
        } finally {
            System.clearProperty("vitrine.rowBudget");
        }
    }

    @Test
    void manyRowsThatGoUnfusedAreAWarning() throws SQLException {
        String sql =
                "SELECT SUM(a.weight) OVER (PARTITION BY a.layer) FROM attention a JOIN attention b ON b.run = a.run AND"
                        + " b.prompt = a.prompt JOIN attention c ON c.run = a.run AND c.prompt = a.prompt";
        System.setProperty("vitrine.rowBudget", "10");
        try (Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(sql)) {
            assertThatThrownBy(() -> statement.executeQuery(sql).next()).isInstanceOf(SQLException.class);
            assertThat((Throwable) statement.getWarnings())
                    .hasMessageMatching("about [0-9,]+ rows of attention, attention, attention go one by one to"
                            + " EnumerableWindow, because SUM.*; this is slow");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("01000");
            assertThat((Throwable) statement.getWarnings().getNextWarning()).isNull();
            statement.clearWarnings();
            assertThat((Throwable) statement.getWarnings()).isNull();
            assertThatThrownBy(() -> prepared.executeQuery().next()).isInstanceOf(SQLException.class);
            assertThat((Throwable) prepared.getWarnings()).hasMessageContaining("go one by one");
            assertThat(statement
                            .executeQuery("SELECT MAX(weight) FROM attention")
                            .next())
                    .isTrue();
            assertThat((Throwable) statement.getWarnings()).isNull();
        } finally {
            System.clearProperty("vitrine.rowBudget");
        }
    }

    private String plan(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN PLAN FOR " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
