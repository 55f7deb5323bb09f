package dev.vitrine.examples.benchmarks.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query run several times: the first time, the median of the others, and what it gave.
 *
 * @param first milliseconds of the first execution: planning and compiling too
 * @param median milliseconds of a later execution
 * @param numbers every number of the result, row by row in ascending order of the first columns
 */
record Timing(double first, double median, List<List<Double>> numbers) {
    static Timing of(Connection connection, String sql, int repetitions) throws SQLException {
        double first = 0;
        double[] later = new double[repetitions];
        List<List<Double>> numbers = List.of();
        for (int i = -1; i < repetitions; i++) {
            long start = System.nanoTime();
            numbers = run(connection, sql);
            double millis = (System.nanoTime() - start) / 1e6;
            if (i < 0) {
                first = millis;
            } else {
                later[i] = millis;
            }
        }
        Arrays.sort(later);
        return new Timing(first, later[repetitions / 2], numbers);
    }

    private static List<List<Double>> run(Connection connection, String sql) throws SQLException {
        List<List<Double>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<Double> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    @Nullable Object value = result.getObject(i);
                    if (value instanceof Number number) {
                        row.add(number.doubleValue());
                    }
                }
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparing(Object::toString));
        return rows;
    }

    /** The largest difference of two results relative to the numbers' size; infinite where they have not as many rows. */
    static double difference(Timing a, Timing b) {
        if (a.numbers.size() != b.numbers.size()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        double[] x = a.sorted();
        double[] y = b.sorted();
        for (int i = 0; i < x.length; i++) {
            largest = Math.max(largest, Math.abs(x[i] - y[i]) / Math.max(1e-3, Math.abs(y[i])));
        }
        return largest;
    }

    /** The last number of each row, sorted: rows that tie in ORDER BY may differ in the others. */
    private double[] sorted() {
        return numbers.stream()
                .mapToDouble(row -> row.get(row.size() - 1))
                .sorted()
                .toArray();
    }
}
