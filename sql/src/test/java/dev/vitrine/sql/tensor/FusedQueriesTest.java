package dev.vitrine.sql.tensor;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries of shapes that random ones do not have, fused and through Calcite's own operators. */
@Tag("vector")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FusedQueriesTest {
    private static final String HEAD =
            "q.run = k.run AND q.prompt = k.prompt AND q.layer = k.layer AND q.head = k.head";

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
                "SELECT layer, head, weighted_corr(weight, query_pos - key_pos, 1) FROM attention GROUP BY layer, head",
                "SELECT key_pos, weighted_corr(weight, query_pos, weight) FROM attention GROUP BY key_pos",
                "SELECT head, weighted_corr(3 - key_pos + query_pos, weight, layer + 1) FROM attention WHERE key_pos > 1 GROUP BY head",
                "SELECT layer, SUM(CASE WHEN weight > 0 THEN -weight * LN(weight) ELSE 0 END) / COUNT(*) FILTER (WHERE key_pos ="
                        + " 0), COUNT(*) FILTER (WHERE key_pos >= query_pos - 1), AVG(weight * (query_pos - key_pos)),"
                        + " SUM(weight * (key_pos + 3 - layer)), SUM(key_pos) FROM attention GROUP BY layer",
                "SELECT run, SUM(LN(weight) * weight), COUNT(*) FROM attention WHERE weight > 0 GROUP BY run",
                "SELECT run, SUM(-(LN(weight) * weight)), MAX(weight), COUNT(*) FROM attention WHERE weight > 0 AND key_pos < 60"
                        + " GROUP BY run",
                "SELECT layer, SUM(activation), COUNT(*), SUM(activation * (neuron - 5)) FROM neurons WHERE neuron > 2 GROUP BY layer",
                "SELECT layer, head, attention_entropy(weight), attention_entropy(weight * 1) FROM attention GROUP BY layer, head",
                "SELECT attention_entropy(weight), AVG(weight) FROM attention WHERE layer = 7",
                "SELECT AVG(m) FROM (SELECT MAX(weight) AS m FROM attention GROUP BY run, prompt, layer, head, query_pos)",
                "SELECT COUNT(DISTINCT key_pos), COUNT(*), AVG(weight) FROM attention",
                "SELECT COUNT(*), MIN(weight), MAX(weight), SUM(weight), AVG(weight) FROM attention",
                "SELECT run, layer, head, COUNT(*), COUNT(weight), AVG(weight) FROM attention GROUP BY run, layer, head",
                "SELECT prompt, MAX(weight), MIN(weight) FROM attention WHERE layer <> 1 GROUP BY prompt",
                "SELECT run, prompt, query_pos, SUM(weight), MIN(weight), COUNT(*) FROM attention GROUP BY run, prompt, query_pos",
                "SELECT head, SUM(weight), COUNT(*) FROM attention WHERE query_pos >= 2 GROUP BY head",
                "SELECT head, SUM(weight), MIN(weight), COUNT(*) FROM attention WHERE query_pos < 4 AND prompt = 1 GROUP BY head",
                "SELECT head, MAX(weight), COUNT(*) FROM attention WHERE MOD(query_pos, 2) = 1 GROUP BY head",
                "SELECT h.kv_head, MIN(weight), COUNT(*) FROM attention a JOIN heads h ON a.run = h.run AND a.layer = h.layer AND"
                        + " a.head = h.head GROUP BY h.kv_head",
                "SELECT t.token, MAX(weight), COUNT(*) FROM attention a JOIN tokens t ON a.run = t.run AND a.prompt = t.prompt AND"
                        + " a.query_pos = t.pos GROUP BY t.token",
                "SELECT layer, COUNT(*), SUM(weight) FROM attention WHERE weight < 0.02 GROUP BY layer",
                "SELECT layer, COUNT(*), MAX(weight) FROM attention WHERE 0.02 >= weight AND key_pos <> 1 GROUP BY layer",
                "SELECT layer, COUNT(*) FROM attention WHERE weight BETWEEN 0.3 AND 0.31 GROUP BY layer",
                "SELECT run, layer, key_pos FROM attention WHERE weight = 1",
                "SELECT COUNT(*) FROM attention WHERE weight = 2 OR weight < -1",
                "SELECT COUNT(*) FROM attention WHERE weight < CAST(NULL AS REAL)",
                "SELECT COUNT(*) FROM attention WHERE CASE WHEN 4 = 1 THEN run END <= 'cat' AND layer IN (0, 2) AND 1 <= head",
                "SELECT COUNT(*) FROM attention WHERE layer = 1 OR (CASE WHEN head > head THEN run END = 'x' AND head > 0)",
                "SELECT DISTINCT h.kv_head, t.key_pos FROM attention t JOIN heads h ON h.run = t.run AND h.layer = t.layer AND"
                        + " h.head = t.head WHERE CASE WHEN h.kv_head > h.kv_head THEN t.run END <= 'x' AND t.prompt IN (3, 1, 1)"
                        + " AND t.weight <= 1.25 AND t.key_pos = t.query_pos - 1",
                "SELECT run, prompt, layer, head, query_pos, key_pos, weight FROM attention ORDER BY weight, run, prompt, layer,"
                        + " head, query_pos, key_pos LIMIT 13",
                "SELECT run, weight FROM attention WHERE weight > 0.5 ORDER BY weight, run LIMIT 5",
                "SELECT layer, COUNT(DISTINCT prompt * 512 + query_pos), SUM(weight), AVG(weight), MIN(weight), COUNT(*)"
                        + " FILTER (WHERE key_pos = 0) FROM attention GROUP BY layer",
                "SELECT run, layer, AVG(l2_norm(vector)), SUM(vector[2]) FROM value_vectors GROUP BY run, layer",
                "SELECT run, site, layer, mean_vector(vector) FROM hidden_states GROUP BY run, site, layer",
                "SELECT q.layer, q.head, COUNT(*), SUM(dot(q.vector, k.vector)) FROM queries q JOIN keys k ON " + HEAD
                        + " WHERE k.pos <= q.pos GROUP BY q.layer, q.head",
                "SELECT q.run, weighted_corr(l2_distance(k.vector, q.vector), q.pos - k.pos, 1),"
                        + " AVG(cosine_similarity(q.vector, k.vector)) FROM queries q JOIN keys k ON " + HEAD
                        + " GROUP BY q.run",
                "SELECT q.pos, k.pos, dot(q.vector, k.vector) FROM queries q JOIN keys k ON " + HEAD
                        + " WHERE q.run = 'alpha' AND q.layer = 1 AND k.pos = q.pos - 1",
                "SELECT q.layer, SUM(a.weight * dot(q.vector, k.vector)) FROM queries q JOIN keys k ON " + HEAD
                        + " JOIN attention a ON a.run = q.run AND a.prompt = q.prompt AND a.layer = q.layer AND a.head ="
                        + " q.head AND a.query_pos = q.pos AND a.key_pos = k.pos GROUP BY q.layer",
                "SELECT a.layer, SUM(a.weight * l2_norm(v.vector)) FROM attention a JOIN value_vectors v ON a.run = v.run AND"
                        + " a.prompt = v.prompt AND a.layer = v.layer AND a.head = v.head AND a.key_pos = v.pos GROUP BY a.layer",
                "SELECT a.run, SUM(a.weight * b.weight) FROM attention a JOIN attention b ON a.run = b.run AND a.prompt ="
                        + " b.prompt AND a.layer = b.layer AND a.head = b.head AND b.query_pos = a.key_pos WHERE a.run <>"
                        + " 'gamma' GROUP BY a.run",
                "SELECT a.layer, a.head, a.weight, q.token, k.token FROM attention a JOIN tokens q ON a.run = q.run AND"
                        + " a.prompt = q.prompt AND a.query_pos = q.pos JOIN tokens k ON a.run = k.run AND a.prompt ="
                        + " k.prompt AND a.key_pos = k.pos ORDER BY a.weight DESC, a.run, a.prompt, a.layer, a.head,"
                        + " a.query_pos, a.key_pos LIMIT 10",
                "SELECT COUNT(*) FROM attention WHERE weight > (SELECT AVG(weight) FROM attention)",
                "SELECT COUNT(*), SUM(weight) FROM attention a WHERE key_pos IN (SELECT pos FROM tokens WHERE token = 'cat')",
                "SELECT COUNT(*), SUM(weight) FROM attention a WHERE EXISTS (SELECT 1 FROM tokens t WHERE t.run = a.run AND"
                        + " t.prompt = a.prompt AND t.pos = a.key_pos AND t.token = 'cat')",
                "SELECT COUNT(*) FROM attention a WHERE NOT EXISTS (SELECT 1 FROM tokens t WHERE t.run = a.run AND t.prompt"
                        + " = a.prompt AND t.pos = a.key_pos AND t.token = 'cat')",
                "SELECT h.kv_head, AVG(weight) FROM attention a JOIN heads h ON a.run = h.run AND a.layer = h.layer AND"
                        + " a.head = h.head GROUP BY h.kv_head",
                "SELECT m.kind, COUNT(*) FROM attention a JOIN runs r ON a.run = r.run JOIN models m ON r.model = m.model"
                        + " GROUP BY m.kind",
                "SELECT t.layer - p.tokens, weight, COUNT(*) FROM attention t LEFT JOIN prompts p ON p.run = t.run AND"
                        + " p.prompt = t.prompt AND p.tokens > 5 GROUP BY t.layer - p.tokens, weight",
                "SELECT layer, head, COUNT(*) FROM attention WHERE weight > 0.9 GROUP BY layer, head",
                "SELECT run, weight FROM attention WHERE weight >= 0.984375 ORDER BY weight DESC, run LIMIT 7",
                "SELECT CASE WHEN key_pos = 0 THEN 'first' ELSE 'other' END, COUNT(*) FROM attention GROUP BY CASE WHEN"
                        + " key_pos = 0 THEN 'first' ELSE 'other' END",
                "SELECT layer, head, AVG(weight), COUNT(*) FROM attention WHERE key_pos = query_pos - 2 GROUP BY layer, head",
                "SELECT run, key_pos, MAX(weight), SUM(key_pos + query_pos) FROM attention WHERE query_pos - 1 = key_pos GROUP BY"
                        + " run, key_pos",
                "SELECT run, layer, head, prompt, query_pos, key_pos, weight FROM attention WHERE key_pos = 3 AND weight > 0.1",
                "SELECT run, COUNT(*), SUM(LN(weight)) FROM attention WHERE key_pos = query_pos + 1 AND weight > 0 GROUP BY run",
                "SELECT key_pos, weight FROM attention WHERE key_pos = query_pos AND key_pos < 4 ORDER BY weight DESC, key_pos"
                        + " LIMIT 9",
                "SELECT run, key_pos, COUNT(*) FROM attention WHERE key_pos = 6 AND query_pos > 2 GROUP BY run, key_pos",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos = -1",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos = 5000000000",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos = query_pos - 2147483647",
                "SELECT COUNT(*), SUM(weight) FROM attention WHERE key_pos = 2 AND key_pos = query_pos - 1",
                "SELECT k.token, SUM(a.weight), COUNT(*) FROM attention a JOIN tokens k ON a.run = k.run AND a.prompt = k.prompt"
                        + " AND a.key_pos = k.pos WHERE a.key_pos = a.query_pos - 1 GROUP BY k.token",
                "SELECT neuron, SUM(activation), MAX(pos) FROM neurons WHERE neuron = 1 GROUP BY neuron",
                "SELECT pos, SUM(activation), MAX(neuron) FROM neurons WHERE neuron = pos + 1 GROUP BY pos",
                "SELECT key_pos, COUNT(*), SUM(weight) FROM attention WHERE layer = 0 AND weight > 0.01 GROUP BY key_pos",
                "SELECT run, head, key_pos, AVG(weight), COUNT(*) FROM attention WHERE weight >= 0.25 AND key_pos > 2"
                        + " GROUP BY run, head, key_pos",
                "SELECT layer, key_pos, AVG(weight) FROM attention GROUP BY layer, key_pos",
                "SELECT key_pos, SUM(weight) FROM attention WHERE 0.9 < weight AND query_pos - key_pos < 9 GROUP BY key_pos",
                "SELECT key_pos, SUM(weight) FROM attention WHERE weight > 1.0 * layer / 4 GROUP BY key_pos",
                "SELECT key_pos, SUM(weight) FROM attention WHERE weight > 0.1 AND weight < 0.6 GROUP BY key_pos",
                "SELECT key_pos, SUM(weight) FROM attention WHERE weight > CAST(NULL AS REAL) GROUP BY key_pos",
                "SELECT key_pos, prompt, SUM(weight) FROM attention WHERE weight > 0.5 GROUP BY prompt, key_pos",
                "SELECT neuron, COUNT(*), SUM(activation) FROM neurons WHERE activation > 0.5 AND neuron > 1 GROUP BY neuron",
                "SELECT t.token, a.key_pos, SUM(a.weight) FROM attention a JOIN tokens t ON a.run = t.run AND a.prompt ="
                        + " t.prompt AND a.key_pos = t.pos WHERE a.weight > 0.2 GROUP BY t.token, a.key_pos"
            })
    void agreesWithCalcite(String sql) throws Exception {
        Answer fused = oracles.fused(sql);
        Oracles.withoutFusion(() -> fused.isSameAs(oracles.unfused(sql), sql));
    }
}
