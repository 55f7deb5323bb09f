package dev.vitrine.sql;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a failure becomes an {@link SQLException}. Its cause is always a {@link VitrineException} with the same message; its
 * SQLSTATE follows from the code, and is finer where more is known.
 */
final class Failures {
    private static final Pattern NO_ROWS =
            Pattern.compile("(Cannot call table function here|Argument must be a table function): '?(\\w+)'?");

    private Failures() {}

    /** The failure as SQL's; what Avatica and Calcite have wrapped around it is dropped. */
    static SQLException of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getCause() instanceof VitrineException reason
                    && reason.getMessage().equals(sql.getMessage())) {
                return sql;
            }
            SQLException known = known(cause);
            if (known != null) {
                return known;
            }
        }
        if (failure instanceof SQLException sql) {
            return sql;
        }
        return internal(failure);
    }

    private static @Nullable SQLException known(Throwable failure) {
        if (failure instanceof VitrineException vitrine) {
            return of(vitrine, state(vitrine));
        }
        if (failure instanceof CalciteContextException invalid) {
            Throwable reason = invalid.getCause() == null ? invalid : invalid.getCause();
            String said = String.valueOf(reason.getMessage());
            return invalid(
                    "line " + invalid.getPosLine() + ", column " + invalid.getPosColumn() + ": " + said,
                    validationState(said),
                    invalid);
        }
        if (failure instanceof ArithmeticException arithmetic) {
            String said = String.valueOf(arithmetic.getMessage());
            return said.contains("by zero") || said.contains("undefined")
                    ? data("division by zero", "22012", arithmetic)
                    : data(said, "22003", arithmetic);
        }
        if (failure instanceof NumberFormatException number) {
            return data("not a number: " + number.getMessage(), "22018", number);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.equals("more than one value in agg SINGLE_VALUE")) {
            return data(
                    "a subquery that stands for one value gave several rows; expected an aggregate, LIMIT 1, or IN (...)",
                    "21000",
                    failure);
        }
        if (message.startsWith("Cannot take logarithm")) {
            return data(message + "; filter or CASE such rows out first", "22003", failure);
        }
        Matcher noRows = NO_ROWS.matcher(message);
        if (noRows.matches()) {
            String function = noRows.group(2);
            return invalid(
                    noRows.group(1).startsWith("Cannot")
                            ? "function " + function + " gives rows; expected FROM TABLE(" + function + "(...))"
                            : "function " + function + " gives a value, not rows; expected it outside of TABLE(...)",
                    "42000",
                    failure);
        }
        if (failure instanceof CalciteException calcite) {
            return data(String.valueOf(calcite.getMessage()), "22000", calcite);
        }
        return null;
    }

    private static String validationState(String message) {
        Matcher missing =
                Pattern.compile("^(Object|Column|Table) '.*' not found").matcher(message);
        if (!missing.find()) {
            return "42000";
        }
        return missing.group(1).equals("Column") ? "42S22" : "42S02";
    }

    private static String state(VitrineException failure) {
        if (failure.getCause() instanceof SQLException sql && sql.getSQLState() != null) {
            return sql.getSQLState();
        }
        return switch (failure.code()) {
            case INVALID_ARGUMENT, BAD_PROMPT -> "22023";
            case INVALID_SQL -> "42000";
            case FORBIDDEN -> "42501";
            case NOT_FOUND -> "42704";
            case ALREADY_EXISTS -> "42710";
            case UNSUPPORTED_MODEL -> "0A000";
            case LOCKED -> "55006";
            case LIMIT_EXCEEDED -> "54000";
            case TIMED_OUT, CANCELLED -> "57014";
            case BAD_MODEL, BAD_STORE, IO -> "58030";
            case INTERNAL -> "XX000";
        };
    }

    private static SQLException of(VitrineException failure, String state) {
        String message = failure.getMessage();
        if (failure.code() == ErrorCode.TIMED_OUT) {
            return new SQLTimeoutException(message, state, failure);
        }
        if (state.startsWith("23")) {
            return new SQLIntegrityConstraintViolationException(message, state, failure);
        }
        if (state.startsWith("22")) {
            return new SQLDataException(message, state, failure);
        }
        return state.startsWith("42")
                ? new SQLSyntaxErrorException(message, state, failure)
                : new SQLException(message, state, failure);
    }

    private static SQLException invalid(String message, String state, Throwable cause) {
        return of(new VitrineException(ErrorCode.INVALID_SQL, message, cause), state);
    }

    private static SQLException data(String message, String state, Throwable cause) {
        return of(new VitrineException(ErrorCode.INVALID_ARGUMENT, message, cause), state);
    }

    private static SQLException internal(Throwable failure) {
        String first = failure.toString().lines().findFirst().orElse("");
        return of(new VitrineException(ErrorCode.INTERNAL, "a mistake of Vitrine's own: " + first, failure), "XX000");
    }
}
