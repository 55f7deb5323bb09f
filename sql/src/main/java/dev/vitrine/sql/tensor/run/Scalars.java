package dev.vitrine.sql.tensor.run;

import java.util.Locale;
import org.apache.calcite.runtime.SqlFunctions;

/** SQL functions that generated loops call where Java's own say something else. */
public final class Scalars {
    private static final double LN_10 = Math.log(10);

    private Scalars() {}

    /** Natural logarithm. Zero and negative numbers are an error, as in Calcite and DuckDB. */
    public static double ln(double x) {
        if (x <= 0) {
            throw notPositive(x);
        }
        return NaturalLogarithm.of(x);
    }

    /** Natural logarithm of x, which is known already; an error as in {@link #ln(double)}. */
    public static double ln(float x, double known) {
        if (x <= 0) {
            throw notPositive(x);
        }
        return known;
    }

    /** Logarithm to base 10, as ln x / ln 10. */
    public static double log10(double x) {
        return ln(x) / LN_10;
    }

    private static ArithmeticException notPositive(double x) {
        return new ArithmeticException("Cannot take logarithm of zero or negative number: " + x
                + "; filter or CASE such rows out first, e.g. WHERE weight > 0");
    }

    /** x to the power y; squares and roots without a call of pow. */
    public static double power(double x, double y) {
        return y == 2 ? x * x : y == 0.5 ? Math.sqrt(x) : Math.pow(x, y);
    }

    /** Truncation towards zero; {@code ArithmeticException} where no int is near. */
    public static int toInt(double x) {
        if (!(x > Integer.MIN_VALUE - 1.0 && x < Integer.MAX_VALUE + 1.0)) {
            throw new ArithmeticException("Value " + x + " out of range for INTEGER");
        }
        return (int) x;
    }

    /** Truncation towards zero; {@code ArithmeticException} where no long is near. */
    public static long toLong(double x) {
        if (!(x >= Long.MIN_VALUE && x < Long.MAX_VALUE)) {
            throw new ArithmeticException("Value " + x + " out of range for BIGINT");
        }
        return (long) x;
    }

    /** The least float greater than x, so that {@code w > x} is {@code w >= leastAbove(x)}; NaN where there is none. */
    public static float leastAbove(double x) {
        float near = (float) x;
        return x == Double.POSITIVE_INFINITY ? Float.NaN : near > x ? near : Math.nextUp(near);
    }

    /** The least float not less than x, so that {@code w >= x} is {@code w >= leastFrom(x)}. */
    public static float leastFrom(double x) {
        float near = (float) x;
        return near < x ? Math.nextUp(near) : near;
    }

    public static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    public static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Characters from the {@code from}th on, counted from 1. */
    public static String substring(String text, int from) {
        return SqlFunctions.substring(text, from);
    }

    /** So many characters from the {@code from}th on, counted from 1. */
    public static String substring(String text, int from, int length) {
        return SqlFunctions.substring(text, from, length);
    }

    /** SQL's LIKE without an escape character. */
    public static boolean like(String text, String pattern) {
        return new SqlFunctions.LikeFunction().like(text, pattern);
    }
}
