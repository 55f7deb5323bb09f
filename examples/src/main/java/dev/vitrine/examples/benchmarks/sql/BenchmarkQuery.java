package dev.vitrine.examples.benchmarks.sql;

import java.util.List;

/**
 * A query of the benchmark. Where the two dialects differ, it is in the name of a function.
 *
 * @param name as in the table of results
 * @param vitrine SQL for Vitrine
 * @param duckdb SQL for DuckDB
 * @param goal how many times faster than DuckDB's better layout it is to be; 0 where nothing is set
 */
record BenchmarkQuery(String name, String vitrine, String duckdb, double goal) {
    private static final String ENTROPY = "SUM(CASE WHEN weight > 0 THEN -weight * LN(weight) ELSE 0 END)";
    private static final String TOKENS = " JOIN tokens tq ON tq.prompt = a.prompt AND tq.pos = a.query_pos"
            + " JOIN tokens tk ON tk.prompt = a.prompt AND tk.pos = a.key_pos";
    private static final String PAIRS = " FROM queries q JOIN keys k ON k.run = q.run AND k.prompt = q.prompt AND"
            + " k.layer = q.layer AND k.head = q.head WHERE k.pos <= q.pos";

    private static BenchmarkQuery same(String name, double goal, String sql) {
        return new BenchmarkQuery(name, sql, sql, goal);
    }

    /** SQL for DuckDB where cells above the diagonal are rows too: left out where they would change the answer. */
    String duckdb(DuckDbCopy.Layout layout) {
        boolean changes = name.startsWith("d ") || name.startsWith("g ");
        return layout != DuckDbCopy.Layout.DENSE || !changes
                ? duckdb
                : duckdb.replace(
                        "FROM attention", "FROM (SELECT * FROM attention WHERE key_pos <= query_pos) AS attention");
    }

    /** Whether rows that are not all given tie, so that engines may choose different ones. */
    boolean ties() {
        return vitrine.contains(" LIMIT ");
    }

    /** Whether it is for many clients at once: not the two that take DuckDB seconds each. */
    boolean forMany() {
        return !name.startsWith("c3") && !name.startsWith("e'");
    }

    /** The queries, for prompts of that many tokens. */
    static List<BenchmarkQuery> all(int tokens) {
        String top = "SELECT a.layer, a.head, a.weight, tq.token AS q, tk.token AS k FROM ";
        String last = " ORDER BY weight DESC LIMIT 20";
        String pairs = "weighted_corr(dot(q.vector, k.vector), q.pos - k.pos, 1)";
        String duckPairs = "corr(list_dot_product(q.vector::FLOAT[], k.vector::FLOAT[]), q.pos - k.pos)";
        String duckFrom = PAIRS.replace("k.run = q.run AND ", "");
        return List.of(
                same(
                        "a   one diagonal, by head",
                        50,
                        "SELECT layer, head, AVG(weight) FROM attention WHERE key_pos = query_pos - " + (tokens / 2 - 1)
                                + " GROUP BY layer, head"),
                same(
                        "b   entropy, COUNT(DISTINCT row)",
                        0,
                        "SELECT layer, head, " + ENTROPY + " / COUNT(DISTINCT prompt * " + tokens
                                + " + query_pos) FROM attention GROUP BY layer, head"),
                same(
                        "b'  entropy, COUNT FILTER",
                        8,
                        "SELECT layer, head, " + ENTROPY
                                + " / COUNT(*) FILTER (WHERE key_pos = 0) FROM attention GROUP BY layer, head"),
                same("b2  sum of w ln w", 0, "SELECT SUM(weight * LN(weight)) FROM attention WHERE weight > 0"),
                same("c   top 20 with tokens", 5, top + "attention a" + TOKENS + last),
                same(
                        "c'  top 20, then tokens",
                        2,
                        top + "(SELECT * FROM attention ORDER BY weight DESC LIMIT 20) a" + TOKENS),
                same(
                        "c2  top 20 off the diagonal",
                        0,
                        "SELECT layer, head, weight FROM attention WHERE key_pos < query_pos" + last),
                same("c3  c2 with tokens", 0, top + "attention a" + TOKENS + " WHERE a.key_pos < a.query_pos" + last),
                same(
                        "d   one row",
                        5,
                        "SELECT key_pos, weight FROM attention WHERE prompt = 1 AND layer = 3 AND head = 2 AND query_pos = "
                                + (tokens / 2)),
                same(
                        "f   mean of row maxima",
                        10,
                        "SELECT AVG(m) FROM (SELECT MAX(weight) AS m FROM attention GROUP BY prompt, layer, head, query_pos)"
                                + " AS maxima"),
                new BenchmarkQuery(
                        "g   corr(weight, distance)",
                        "SELECT layer, head, weighted_corr(weight, query_pos - key_pos, 1) FROM attention GROUP BY layer, head",
                        "SELECT layer, head, corr(weight, query_pos - key_pos) FROM attention GROUP BY layer, head",
                        15),
                same(
                        "h   one layer, weight > 0.01",
                        3,
                        "SELECT key_pos, COUNT(*), SUM(weight) FROM attention WHERE layer = 3 AND weight > 0.01 GROUP BY key_pos"),
                same(
                        "i   sum of weight x distance",
                        8,
                        "SELECT layer, head, SUM(weight * (query_pos - key_pos)) FROM attention GROUP BY layer, head"),
                new BenchmarkQuery(
                        "e   corr(q.k, distance), a head",
                        "SELECT " + pairs + PAIRS + " AND q.layer = 3 AND q.head = 2",
                        "SELECT " + duckPairs + duckFrom + " AND q.layer = 3 AND q.head = 2",
                        0),
                new BenchmarkQuery(
                        "e'  corr(q.k, distance), all",
                        "SELECT q.layer, q.head, " + pairs + PAIRS + " GROUP BY q.layer, q.head",
                        "SELECT q.layer, q.head, " + duckPairs + duckFrom + " GROUP BY q.layer, q.head",
                        20));
    }
}
