package dev.vitrine.udfs.correlation;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.udfs.correlation.WeightedCorrelation.State;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedCorrelationTest {
    /** A prime, so that no split is even. */
    private static final int ROWS = 1009;

    @Test
    void handWorkedRows() {
        // m(x) = 9/4, m(y) = 2; Σw cov = 1, Σw var = 11/4 and 2.
        double[][] rows = {{1, 1, 1}, {2, 3, 1}, {3, 2, 2}};
        assertThat(correlation(rows, 0, 3)).isCloseTo(1 / Math.sqrt(5.5), within(1e-15));
    }

    @Test
    void linesGiveOne() {
        assertThat(correlation(new double[][] {{1, 5, 1}, {2, 7, 3}}, 0, 2)).isEqualTo(1);
        assertThat(correlation(new double[][] {{1, 5, 1}, {2, 3, 3}, {4, -1, 1}}, 0, 3))
                .isCloseTo(-1, within(1e-15));
    }

    /** The two sum in different orders: 1e-12 is some thousand roundings of 2⁻⁵³. */
    @Test
    void equalWeightsGiveTheCorrOfDuckDb() throws SQLException {
        double[][] rows = rows(0);
        for (double[] row : rows) {
            row[2] = 0.25;
        }
        assertThat(correlation(rows, 0, ROWS)).isCloseTo(duckDbCorr(rows, row -> 1), within(1e-12));
    }

    @Test
    void wholeWeightsGiveTheCorrOfRepeatedRows() throws SQLException {
        double[][] rows = rows(0);
        for (int i = 0; i < ROWS; i++) {
            rows[i][2] = i % 4;
        }
        assertThat(correlation(rows, 0, ROWS)).isCloseTo(duckDbCorr(rows, row -> row % 4), within(1e-12));
    }

    /** The mean is some 30 thousand standard deviations: sums of squares about 0 would lose 9 of 16 digits. */
    @Test
    void farFromZeroKeepsItsDigits() {
        double[][] near = rows(0);
        double[][] far = rows(1 << 20);
        assertThat(correlation(far, 0, ROWS)).isCloseTo(correlation(near, 0, ROWS), within(1e-10));
    }

    /**
     * An outlier of little weight, then weights that grow or shrink by a third from row to row, over 120 orders of magnitude: what was
     * summed first must not set the scale. Exact arithmetic is the oracle.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1.3, 0.75})
    void weightsOfAnyScaleGiveTheExactCorrelation(double growth) {
        double[][] rows = rows(0);
        double weight = 1;
        for (double[] row : rows) {
            row[2] = weight;
            weight *= growth;
        }
        rows[0] = new double[] {1 << 30, -(1 << 29), 1e-12 * rows[1][2]};
        assertThat(correlation(rows, 0, ROWS)).isCloseTo(exactCorrelation(rows), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 499, 1008, 1009})
    void anySplitMergesToTheSame(int split) {
        double[][] rows = rows(3);
        State merged = WeightedCorrelation.merge(state(rows, 0, split), state(rows, split, ROWS));
        assertThat(WeightedCorrelation.result(merged)).isCloseTo(correlation(rows, 0, ROWS), within(1e-13));
    }

    /** Far from zero, with an outlier as the pair that the sums are about. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.5, 1e-9})
    void pairsOfOneWeightAddUpAsOneByOne(double weight) {
        double[][] rows = rows(1 << 20);
        rows[100][0] = -1e6;
        State sums = WeightedCorrelation.init();
        for (int from = 0; from < ROWS; from += 100) {
            sums = addEven(sums, rows, from, Math.min(ROWS, from + 100), weight);
        }
        for (double[] row : rows) {
            row[2] = weight;
        }
        assertThat(WeightedCorrelation.result(sums)).isCloseTo(exactCorrelation(rows), within(1e-12));
    }

    @Test
    void pairsOfOneWeightThatDoNotVaryGiveNull() {
        double[][] constant = {{0.1, 1, 1}, {0.1, 2, 1}, {0.1, 4, 1}};
        assertThat(WeightedCorrelation.result(addEven(WeightedCorrelation.init(), constant, 0, 3, 2)))
                .isNull();
        assertThat(WeightedCorrelation.result(addEven(WeightedCorrelation.init(), rows(0), 0, ROWS, 0)))
                .isNull();
        assertThat(WeightedCorrelation.result(addEven(WeightedCorrelation.init(), rows(0), 0, ROWS, Double.NaN)))
                .isNaN();
        assertInvalidArgument(
                () -> addEven(WeightedCorrelation.init(), constant, 0, 3, -0.5),
                "weighted_corr: w is -0.5; expected a weight of 0 or more");
    }

    private static State addEven(State state, double[][] rows, int from, int to, double weight) {
        double x = rows[from][0];
        double y = rows[from][1];
        double[] sums = new double[5];
        for (int i = from; i < to; i++) {
            double dx = rows[i][0] - x;
            double dy = rows[i][1] - y;
            sums[0] += dx;
            sums[1] += dy;
            sums[2] += dx * dx;
            sums[3] += dy * dy;
            sums[4] += dx * dy;
        }
        return WeightedCorrelation.addEven(state, weight, to - from, x, y, sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    @Test
    void mergingIsAssociative() {
        double[][] rows = rows(3);
        State left = WeightedCorrelation.merge(
                WeightedCorrelation.merge(state(rows, 0, 7), state(rows, 7, 500)), state(rows, 500, ROWS));
        State right = WeightedCorrelation.merge(
                state(rows, 0, 7), WeightedCorrelation.merge(state(rows, 7, 500), state(rows, 500, ROWS)));
        assertThat(WeightedCorrelation.result(left)).isCloseTo(WeightedCorrelation.result(right), within(1e-13));
    }

    @Test
    void withoutVariationItIsNull() {
        assertThat(correlation(new double[0][], 0, 0)).isNull();
        assertThat(correlation(new double[][] {{1, 2, 3}}, 0, 1)).isNull();
        double[][] constant = {{0.1, 1, 1}, {0.1, 2, 0.3}, {0.1, 4, 7}};
        assertThat(correlation(constant, 0, 3)).isNull();
        assertThat(WeightedCorrelation.result(WeightedCorrelation.merge(state(constant, 0, 1), state(constant, 1, 3))))
                .isNull();
    }

    @Test
    void weightZeroLeavesTheRowOut() {
        double[][] rows = {{1, 5, 1}, {100, -100, 0}, {Double.NaN, 1, 0}, {2, 7, 3}};
        assertThat(correlation(rows, 0, 4)).isEqualTo(1);
        assertThat(correlation(rows, 1, 3)).isNull();
    }

    @Test
    void nanAndInfinityGiveNan() {
        assertThat(correlation(new double[][] {{1, 1, 1}, {Double.NaN, 2, 1}, {3, 4, 1}}, 0, 3))
                .isNaN();
        assertThat(correlation(new double[][] {{1, 1, 1}, {2, 2, Double.NaN}, {3, 4, 1}}, 0, 3))
                .isNaN();
        assertThat(correlation(new double[][] {{1, 1, 1}, {2, Double.POSITIVE_INFINITY, 1}, {3, 4, 1}}, 0, 3))
                .isNaN();
    }

    @Test
    void negativeWeightIsNamed() {
        assertInvalidArgument(
                () -> WeightedCorrelation.add(WeightedCorrelation.init(), 1, 2, -0.5),
                "weighted_corr: w is -0.5; expected a weight of 0 or more");
    }

    /** x, y and w of {@link #ROWS} rows, x and y whole numbers so that adding the offset is exact. */
    private static double[][] rows(double offset) {
        Random random = new Random(7);
        double[][] rows = new double[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            double x = random.nextInt(100);
            double y = random.nextInt(100) - x / 2;
            rows[i] = new double[] {x + offset, y - 3 * offset, random.nextDouble()};
        }
        return rows;
    }

    private static State state(double[][] rows, int from, int to) {
        State state = WeightedCorrelation.init();
        for (int i = from; i < to; i++) {
            state = WeightedCorrelation.add(state, rows[i][0], rows[i][1], rows[i][2]);
        }
        return state;
    }

    private static @Nullable Double correlation(double[][] rows, int from, int to) {
        return WeightedCorrelation.result(state(rows, from, to));
    }

    private static double exactCorrelation(double[][] rows) {
        MathContext digits = new MathContext(200);
        BigDecimal weight = BigDecimal.ZERO;
        BigDecimal[] means = {BigDecimal.ZERO, BigDecimal.ZERO};
        for (double[] row : rows) {
            BigDecimal w = new BigDecimal(row[2]);
            weight = weight.add(w, digits);
            means[0] = means[0].add(w.multiply(new BigDecimal(row[0])), digits);
            means[1] = means[1].add(w.multiply(new BigDecimal(row[1])), digits);
        }
        means[0] = means[0].divide(weight, digits);
        means[1] = means[1].divide(weight, digits);
        BigDecimal[] moments = {BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO};
        for (double[] row : rows) {
            BigDecimal w = new BigDecimal(row[2]);
            BigDecimal dx = new BigDecimal(row[0]).subtract(means[0]);
            BigDecimal dy = new BigDecimal(row[1]).subtract(means[1]);
            moments[0] = moments[0].add(w.multiply(dx).multiply(dx), digits);
            moments[1] = moments[1].add(w.multiply(dy).multiply(dy), digits);
            moments[2] = moments[2].add(w.multiply(dx).multiply(dy), digits);
        }
        return moments[2]
                .divide(moments[0].multiply(moments[1]).sqrt(digits), digits)
                .doubleValue();
    }

    /** DuckDB's corr with row i there {@code copies(i)} times. */
    private static double duckDbCorr(double[][] rows, IntUnaryOperator copies) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE pairs (x DOUBLE, y DOUBLE)");
            DuckDBConnection duckDb = connection.unwrap(DuckDBConnection.class);
            try (DuckDBAppender appender = duckDb.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "pairs")) {
                for (int i = 0; i < rows.length; i++) {
                    for (int copy = 0; copy < copies.applyAsInt(i); copy++) {
                        appender.beginRow();
                        appender.append(rows[i][0]);
                        appender.append(rows[i][1]);
                        appender.endRow();
                    }
                }
            }
            try (ResultSet result = statement.executeQuery("SELECT corr(x, y) FROM pairs")) {
                assertThat(result.next()).isTrue();
                return result.getDouble(1);
            }
        }
    }
}
