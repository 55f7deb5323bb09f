package dev.vitrine.engine.store;

import java.util.Arrays;
import java.util.Locale;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * What the store knows of every row of attention weights and of every tile, which is all rows of one head for one prompt. NaN where a
 * weight is NaN.
 */
public enum Statistic {
    MIN(FloatingPointPrecision.SINGLE),
    MAX(FloatingPointPrecision.SINGLE),
    /** Added up in float64. */
    SUM(FloatingPointPrecision.DOUBLE);

    private final FloatingPointPrecision precision;

    Statistic(FloatingPointPrecision precision) {
        this.precision = precision;
    }

    /** The column's name in the files. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a column holds a statistic. */
    static boolean isOf(Field column) {
        return Arrays.stream(values()).anyMatch(statistic -> statistic.column().equals(column.getName()));
    }

    /** The statistic that such a column holds. */
    static Statistic of(Field column) {
        return valueOf(column.getName().toUpperCase(Locale.ROOT));
    }

    Field field() {
        return new Field(column(), FieldType.notNullable(new ArrowType.FloatingPoint(precision)), null);
    }

    boolean isDouble() {
        return precision == FloatingPointPrecision.DOUBLE;
    }

    int bytes() {
        return isDouble() ? Double.BYTES : Float.BYTES;
    }

    /** Of a row's weights, of which there is one at least. A loop for each, for the JIT's sake. */
    double of(float[] row, int length) {
        return switch (this) {
            case MIN -> least(row, length);
            case MAX -> largest(row, length);
            case SUM -> sum(row, length);
        };
    }

    /** Of a tile, from its rows' statistics {@code from} to {@code to}, exclusive. */
    double of(double[] rows, int from, int to) {
        double all = rows[from];
        for (int i = from + 1; i < to; i++) {
            all = switch (this) {
                case MIN -> Math.min(all, rows[i]);
                case MAX -> Math.max(all, rows[i]);
                case SUM -> all + rows[i];
            };
        }
        return all;
    }

    private static float least(float[] row, int length) {
        float least = row[0];
        for (int i = 1; i < length; i++) {
            least = Math.min(least, row[i]);
        }
        return least;
    }

    private static float largest(float[] row, int length) {
        float largest = row[0];
        for (int i = 1; i < length; i++) {
            largest = Math.max(largest, row[i]);
        }
        return largest;
    }

    /**
     * In eight sums side by side, so that none waits for the addition before, and the last length % 8 weights one by one. Also the order
     * of two vectors of four float64 numbers, hence bit for bit what vector instructions give.
     */
    private static double sum(float[] row, int length) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double sum4 = 0;
        double sum5 = 0;
        double sum6 = 0;
        double sum7 = 0;
        int i = 0;
        for (; i < length - 7; i += 8) {
            sum0 += row[i];
            sum1 += row[i + 1];
            sum2 += row[i + 2];
            sum3 += row[i + 3];
            sum4 += row[i + 4];
            sum5 += row[i + 5];
            sum6 += row[i + 6];
            sum7 += row[i + 7];
        }
        double sum = ((sum0 + sum4) + (sum1 + sum5)) + ((sum2 + sum6) + (sum3 + sum7));
        for (; i < length; i++) {
            sum += row[i];
        }
        return sum;
    }
}
