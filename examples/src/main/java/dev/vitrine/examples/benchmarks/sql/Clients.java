package dev.vitrine.examples.benchmarks.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** So many clients at once, each with a connection of its own, each running every query once, beginning with another. */
record Clients(int count) {
    /** Opens a connection for one client. */
    interface Door {
        Connection open() throws SQLException;
    }

    /**
     * What they got.
     *
     * @param perSecond queries answered
     * @param median milliseconds of a query
     * @param percentile95 milliseconds that 95 of 100 queries stay below
     */
    record Load(double perSecond, double median, double percentile95) {}

    Load measure(Door door, List<String> queries) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<List<Double>>> clients = new ArrayList<>();
            for (int client = 0; client < count; client++) {
                int first = client;
                clients.add(() -> run(door, queries, first));
            }
            long start = System.nanoTime();
            List<Double> all = new ArrayList<>();
            for (Future<List<Double>> each : threads.invokeAll(clients)) {
                all.addAll(each.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            all.sort(null);
            return new Load(all.size() / seconds, all.get(all.size() / 2), all.get(all.size() * 95 / 100));
        } finally {
            threads.shutdown();
        }
    }

    private static List<Double> run(Door door, List<String> queries, int first) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (Connection connection = door.open()) {
            for (int i = 0; i < queries.size(); i++) {
                long start = System.nanoTime();
                Timing.run(connection, queries.get((first + i) % queries.size()), false);
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return millis;
    }
}
