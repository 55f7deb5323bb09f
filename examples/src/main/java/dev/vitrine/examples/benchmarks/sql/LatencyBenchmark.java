package dev.vitrine.examples.benchmarks.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code LatencyBenchmark STORE}: what a statement waits for before its cells are read. A new process to its first answer; a statement
 * that is new, one from the cache, and the look-up of one row; and that look-up by several clients at once. STORE is one that {@link
 * SqlBenchmark} wrote.
 */
public final class LatencyBenchmark {
    private static final int PROCESSES = 7;
    private static final int WARM = 1_000;
    private static final int MEASURED = 200;
    private static final int CLIENTS = 16;
    private static final String ROW =
            "SELECT key_pos, weight FROM attention WHERE prompt = 1 AND layer = 3 AND head = 2 AND query_pos = ";
    private static final String MEANS =
            "SELECT layer, head, AVG(weight) FROM attention WHERE prompt = 1 AND layer = 3 GROUP BY layer, head";

    private LatencyBenchmark() {}

    /** With {@code --first} this is the new process: it answers one statement and ends. */
    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:vitrine:" + arguments[0] + "?readonly=true";
        if (arguments.length > 1 && arguments[1].equals("--first")) {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                run(statement, MEANS);
            }
            return;
        }
        System.out.printf(Locale.ROOT, "%-34s %10s %10s %10s%n", "", "median ms", "p10", "p90");
        print("process start to first answer", times(PROCESSES, round -> firstAnswer(arguments[0])));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(ROW + "?")) {
            times(WARM, round -> run(statement, expression(-round)));
            print("new statement, no cells", times(MEASURED, round -> run(statement, expression(round))));
            print("the same from the cache", times(MEASURED, round -> run(statement, expression(round))));
            times(WARM, round -> run(statement, ROW + 256));
            print("one row of 257 cells", times(MEASURED, round -> run(statement, ROW + 256)));
            times(WARM, round -> lookUp(prepared, round));
            print("one row, prepared", times(MEASURED, round -> lookUp(prepared, round)));
        }
        print("one row, " + CLIENTS + " clients at once", clients(url));
    }

    /** Something to do, by round. */
    private interface Work {
        void run(int round) throws SQLException, IOException, InterruptedException;
    }

    /** A statement that no other number gives, nor its loops. */
    private static String expression(int number) {
        StringBuilder weight = new StringBuilder("weight");
        for (int bit = 0; bit < 13; bit++) {
            weight.append((number >> bit & 1) == 0 ? " + head" : " - layer");
        }
        return "SELECT head, SUM(" + weight + ") FROM attention WHERE run = '' GROUP BY head";
    }

    private static void firstAnswer(String store) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        java.toString(), "-cp", classPath, LatencyBenchmark.class.getName(), store, "--first")
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("the new process ended with " + process.exitValue());
        }
    }

    private static void run(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            read(rows);
        }
    }

    private static void lookUp(PreparedStatement prepared, int round) throws SQLException {
        prepared.setInt(1, round % 500);
        try (ResultSet rows = prepared.executeQuery()) {
            int count = read(rows);
            if (count != round % 500 + 1) {
                throw new IllegalStateException("row " + round % 500 + " has " + count + " cells");
            }
        }
    }

    private static int read(ResultSet rows) throws SQLException {
        int count = 0;
        while (rows.next()) {
            count++;
        }
        return count;
    }

    private static double[] times(int rounds, Work work) throws SQLException, IOException, InterruptedException {
        double[] millis = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            work.run(round);
            millis[round] = (System.nanoTime() - start) / 1e6;
        }
        return millis;
    }

    private static double[] clients(String url) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            Callable<double[]> client = () -> {
                try (Connection connection = DriverManager.getConnection(url);
                        Statement statement = connection.createStatement()) {
                    return times(MEASURED, round -> run(statement, ROW + 256));
                }
            };
            List<Callable<double[]>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(client);
            }
            double[] times = {};
            for (Future<double[]> each : threads.invokeAll(all)) {
                double[] more = each.get();
                int before = times.length;
                times = java.util.Arrays.copyOf(times, before + more.length);
                System.arraycopy(more, 0, times, before, more.length);
            }
            return times;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(String what, double[] millis) {
        double[] sorted = millis.clone();
        java.util.Arrays.sort(sorted);
        int n = sorted.length;
        System.out.printf(
                Locale.ROOT, "%-34s %10.3f %10.3f %10.3f%n", what, sorted[n / 2], sorted[n / 10], sorted[n * 9 / 10]);
    }
}
