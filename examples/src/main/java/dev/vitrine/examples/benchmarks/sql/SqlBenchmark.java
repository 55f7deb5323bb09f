package dev.vitrine.examples.benchmarks.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * {@code SqlBenchmark FOLDER PROMPTS LAYERS HEADS TOKENS REPETITIONS LAYOUT…}: writes a store and copies of it in DuckDB under FOLDER,
 * unless they are there, runs every query on both and prints a table. LAYOUT is DENSE, CAUSAL or PARQUET; without one only Vitrine
 * runs. Both sides have as many threads as the machine has cores.
 */
public final class SqlBenchmark {
    private static final int D_HEAD = 64;

    private SqlBenchmark() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int prompts = Integer.parseInt(arguments[1]);
        int layers = Integer.parseInt(arguments[2]);
        int heads = Integer.parseInt(arguments[3]);
        int tokens = Integer.parseInt(arguments[4]);
        int repetitions = Integer.parseInt(arguments[5]);
        List<DuckDbCopy.Layout> layouts = List.of(arguments).subList(6, arguments.length).stream()
                .map(DuckDbCopy.Layout::valueOf)
                .toList();
        Path store = folder.resolve("store");
        if (!Files.exists(store)) {
            new BenchmarkStore(prompts, layers, heads, tokens, D_HEAD).write(store);
        }
        List<BenchmarkQuery> queries = BenchmarkQuery.all(tokens);
        try (Connection vitrine = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true")) {
            List<Timing> ours =
                    times(vitrine, queries.stream().map(BenchmarkQuery::vitrine).toList(), repetitions);
            print("Vitrine", queries, ours, ours);
            for (DuckDbCopy.Layout layout : layouts) {
                Path file = folder.resolve(layout.name().toLowerCase(Locale.ROOT) + ".duckdb");
                if (!Files.exists(file)) {
                    DuckDbCopy.write(vitrine, file, layout, tokens);
                }
                try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
                        Statement statement = duckdb.createStatement()) {
                    statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
                    List<String> sql =
                            queries.stream().map(BenchmarkQuery::duckdb).toList();
                    print("DuckDB " + layout, queries, times(duckdb, sql, repetitions), ours);
                }
            }
        }
    }

    private static List<Timing> times(Connection connection, List<String> queries, int repetitions)
            throws SQLException {
        List<Timing> times = new java.util.ArrayList<>();
        for (String sql : queries) {
            times.add(Timing.of(connection, sql, repetitions));
        }
        return times;
    }

    private static void print(String engine, List<BenchmarkQuery> queries, List<Timing> times, List<Timing> ours) {
        System.out.printf(
                Locale.ROOT, "%n%-34s %10s %10s %8s %10s%n", engine, "first ms", "median ms", "ratio", "differs");
        for (int i = 0; i < queries.size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-34s %10.2f %10.2f %8.1f %10.1e%n",
                    queries.get(i).name(),
                    times.get(i).first(),
                    times.get(i).median(),
                    times.get(i).median() / ours.get(i).median(),
                    Timing.difference(times.get(i), ours.get(i)));
        }
    }
}
