package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What queries, keys and heads say is enough to compute attention of every family again: grouped queries, windows, caps, no scale. */
class AttentionFromTablesTest {
    /** Exponentials of float32 dot products, summed in float64: within 2e-6 of weights that are at most 1. */
    @Test
    void queriesKeysAndHeadsGiveAttention(@TempDir Path store) throws Exception {
        List<String> families = GoldenStore.families();
        assertThat(families).hasSize(21);
        GoldenStore.writeReferencePrompts(store, families);
        List<String> computed = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true");
                ResultSet row = connection.createStatement().executeQuery("""
                        WITH scores AS (
                            SELECT q.run, q.prompt, q.layer, q.head, q.pos AS query_pos, k.pos AS key_pos, EXP(
                                CASE WHEN h.softcap IS NULL THEN h.scale * dot(q.vector, k.vector)
                                ELSE h.softcap * TANH(h.scale * dot(q.vector, k.vector) / h.softcap) END) AS score
                            FROM queries q
                            JOIN keys k ON q.run = k.run AND q.prompt = k.prompt AND q.layer = k.layer AND q.head = k.head
                            JOIN heads h ON q.run = h.run AND q.layer = h.layer AND q.head = h.head
                            WHERE (NOT h.causal OR k.pos <= q.pos)
                                AND (h.window_size IS NULL OR k.pos > q.pos - h.window_size)),
                        sums AS (
                            SELECT run, prompt, layer, head, query_pos, SUM(score) AS total
                            FROM scores GROUP BY run, prompt, layer, head, query_pos)
                        SELECT a.run, MAX(ABS(a.weight - COALESCE(s.score, 0) / t.total)) AS error
                        FROM attention a
                        JOIN sums t ON a.run = t.run AND a.prompt = t.prompt AND a.layer = t.layer AND a.head = t.head
                            AND a.query_pos = t.query_pos
                        LEFT JOIN scores s ON a.run = s.run AND a.prompt = s.prompt AND a.layer = s.layer
                            AND a.head = s.head AND a.query_pos = s.query_pos AND a.key_pos = s.key_pos
                        GROUP BY a.run ORDER BY a.run""")) {
            while (row.next()) {
                computed.add(row.getString("run"));
                assertThat(row.getDouble("error")).as(row.getString("run")).isLessThan(2e-6);
            }
        }
        assertThat(computed).isEqualTo(families);
    }

    @Test
    void windowsAndCapsAreOnRecord(@TempDir Path store) throws Exception {
        GoldenStore.write(store, "bert", "gemma2", "gpt-neo");
        List<String> rules = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true");
                ResultSet row = connection.createStatement().executeQuery("""
                        SELECT run, layer, ROUND(scale, 4) AS scale, causal, window_size, softcap
                        FROM heads WHERE head = 0 AND layer < 2 ORDER BY run, layer""")) {
            while (row.next()) {
                rules.add("%s %d: %s %s %s %s"
                        .formatted(
                                row.getString(1),
                                row.getInt(2),
                                row.getObject(3),
                                row.getObject(4),
                                row.getObject(5),
                                row.getObject(6)));
            }
        }
        assertThat(rules)
                .containsExactly(
                        "bert 0: 0.5774 false null null",
                        "bert 1: 0.5774 false null null",
                        "gemma2 0: 0.4472 true 3 2.0",
                        "gemma2 1: 0.4472 true null 2.0",
                        "gpt-neo 0: 1.0 true null null",
                        "gpt-neo 1: 1.0 true 3 null");
    }
}
