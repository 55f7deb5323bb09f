package dev.vitrine.server.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.runtime.CalciteContextException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in the form that the command line, HTTP and JDBC all show: no class names, no stack.
 *
 * @param message subject, value, expectation, place
 * @param sqlState five characters
 * @param line where in the SQL, from 1; 0 where it is not known
 * @param column where in that line, from 1; 0 where it is not known
 */
public record Failure(ErrorCode code, String message, String sqlState, int line, int column) {

    public Failure(ErrorCode code, String message) {
        this(code, message, sqlState(code), 0, 0);
    }

    /** Reads the chain of causes: the first {@link VitrineException} decides, then what JDBC and Calcite say. */
    public static Failure of(Throwable thrown) {
        ErrorCode code = null;
        String message = null;
        String sqlState = null;
        int line = 0;
        int column = 0;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof VitrineException known && code == null) {
                code = known.code();
                message = known.getMessage();
            } else if (cause instanceof SQLException sql && isState(sql.getSQLState()) && sqlState == null) {
                sqlState = sql.getSQLState();
            } else if (cause instanceof CalciteContextException invalid) {
                line = invalid.getPosLine();
                column = invalid.getPosColumn();
            }
        }
        if (code == null) {
            code = codeOf(thrown, line > 0);
        }
        if (message == null) {
            message = deepest(thrown, code);
        }
        return new Failure(code, message, sqlState == null ? sqlState(code) : sqlState, line, column);
    }

    private static ErrorCode codeOf(Throwable thrown, boolean hasPosition) {
        if (thrown instanceof StackOverflowError) {
            return ErrorCode.INVALID_SQL;
        }
        if (thrown instanceof OutOfMemoryError || thrown instanceof OutOfMemoryException) {
            return ErrorCode.LIMIT_EXCEEDED;
        }
        if (thrown instanceof SQLTimeoutException) {
            return ErrorCode.TIMED_OUT;
        }
        return hasPosition ? ErrorCode.INVALID_SQL : ErrorCode.INTERNAL;
    }

    private static String deepest(Throwable thrown, ErrorCode code) {
        if (thrown instanceof StackOverflowError) {
            return "the statement is nested too deeply to be read";
        }
        if (code == ErrorCode.LIMIT_EXCEEDED) {
            return "the query needs more memory than there is";
        }
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (code == ErrorCode.INTERNAL || cause.getMessage() == null) {
            return "a mistake of Vitrine's own: " + cause;
        }
        return cause.getMessage();
    }

    private static boolean isState(@Nullable String state) {
        return state != null && state.length() == 5 && !state.equals("00000");
    }

    /** The SQLSTATE of a code, where the database gave none (SQL:2016, table 38, and the classes that PostgreSQL added). */
    private static String sqlState(ErrorCode code) {
        return switch (code) {
            case INVALID_SQL -> "42000";
            case FORBIDDEN -> "42501";
            case NOT_FOUND -> "42704";
            case ALREADY_EXISTS -> "42710";
            case INVALID_ARGUMENT, BAD_PROMPT -> "22023";
            case UNSUPPORTED_MODEL -> "0A000";
            case BAD_MODEL, BAD_STORE -> "58030";
            case LOCKED -> "55006";
            case LIMIT_EXCEEDED -> "54000";
            case TIMED_OUT, CANCELLED -> "57014";
            case IO -> "58000";
            case INTERNAL -> "XX000";
        };
    }
}
