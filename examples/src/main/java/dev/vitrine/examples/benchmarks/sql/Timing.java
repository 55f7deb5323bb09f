package dev.vitrine.examples.benchmarks.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A query run several times, and what it gave.
 *
 * @param first milliseconds of the first execution: planning and compiling too
 * @param later milliseconds of those timed, after a warm-up, in ascending order
 * @param rows every number of the result; sorted by columns from the first on, or by the last alone where rows tie
 */
record Timing(double first, List<Double> later, List<double[]> rows) {
    /** Milliseconds that a query is repeated for before it is timed, in either engine: what the JIT needs to compile its loops. */
    private static final double WARM_UP = 2000;

    private static final double ABSOLUTE = 1e-6;
    private static final double RELATIVE = 1e-5;

    static Timing of(Connection connection, String sql, boolean ties, int runs) throws SQLException {
        long begun = System.nanoTime();
        List<double[]> rows = run(connection, sql, ties);
        double first = since(begun);
        while (since(begun) < WARM_UP) {
            run(connection, sql, ties);
        }
        List<Double> later = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            rows = run(connection, sql, ties);
            later.add(since(start));
        }
        later.sort(null);
        rows.sort(Arrays::compare);
        return new Timing(first, later, rows);
    }

    private static double since(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e6;
    }

    /** The numbers of each row; the last alone of rows that tie in ORDER BY, which may differ in the others. */
    static List<double[]> run(Connection connection, String sql, boolean ties) throws SQLException {
        List<double[]> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                double[] row = new double[columns];
                int numbers = 0;
                for (int i = 1; i <= columns; i++) {
                    if (result.getObject(i) instanceof Number number) {
                        row[numbers++] = number.doubleValue();
                    }
                }
                rows.add(Arrays.copyOfRange(row, ties ? numbers - 1 : 0, numbers));
            }
        }
        return rows;
    }

    double median() {
        return later.get(later.size() / 2);
    }

    /** {@code median (least–most)}. */
    String spread() {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(), later.get(0), later.get(later.size() - 1));
    }

    /** Whether numbers agree to a part in 10⁵, or 10⁻⁶ where that is more: DuckDB computes q·k in float32. */
    boolean agrees(Timing other) {
        boolean same = rows.size() == other.rows.size();
        for (int row = 0; same && row < rows.size(); row++) {
            double[] x = rows.get(row);
            double[] y = other.rows.get(row);
            same = x.length == y.length;
            for (int i = 0; same && i < x.length; i++) {
                same = Math.abs(x[i] - y[i]) <= ABSOLUTE + RELATIVE * Math.abs(y[i]);
            }
        }
        return same;
    }
}
