package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.server.query.Failure;
import dev.vitrine.server.query.Queries;
import dev.vitrine.server.query.RunningQuery;
import dev.vitrine.server.result.ResultCopy;
import dev.vitrine.server.result.ResultSummary;
import dev.vitrine.server.result.ResultWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Runs statements one after the other and writes their results. */
final class StatementRunner {
    private final Connection connection;
    private final Queries queries;
    private final PrintStream out;
    private final PrintStream err;
    private OutputFormat format;
    private boolean shown;

    StatementRunner(Connection connection, Queries queries, PrintStream out, PrintStream err, OutputFormat format) {
        this.connection = connection;
        this.queries = queries;
        this.out = out;
        this.err = err;
        this.format = format;
    }

    void setFormat(OutputFormat other) {
        format = other;
    }

    /** Runs one statement; gives the exit code, having told on stderr what went wrong. */
    int run(String sql) {
        try (RunningQuery query = queries.admit(null, sql, queries.limits().timeout(), () -> false)) {
            try (Statement statement = connection.createStatement()) {
                query.runs(statement);
                execute(sql, statement, query);
                return ExitCodes.OK;
            } catch (SQLException | IOException | RuntimeException | Error e) {
                return tell(Failure.of(query.reason(e)), e);
            }
        }
    }

    private void execute(String sql, Statement statement, RunningQuery query) throws SQLException, IOException {
        if (!statement.execute(sql)) {
            int rows = statement.getUpdateCount();
            err.println(rows <= 0 ? "done" : count(rows) + " changed");
            return;
        }
        if (shown && format == OutputFormat.TABLE) {
            out.println();
        }
        shown = true;
        try (ResultSet rows = statement.getResultSet();
                ResultWriter writer = format.writer(out, query.id())) {
            try {
                ResultSummary end = ResultCopy.copy(rows, writer, query, 0, queries.limits(), () -> 0);
                if (format == OutputFormat.JSON) {
                    out.println();
                }
                end.warnings().forEach(warning -> err.println("warning: " + warning));
                err.println(String.format(
                        Locale.ROOT,
                        "%s, %.3f s",
                        count(end.rows()),
                        end.elapsed().toMillis() / 1000.0));
            } catch (SQLException | RuntimeException | Error e) {
                writer.fail(Failure.of(query.reason(e)).message());
                throw e;
            }
        }
        out.flush();
    }

    private static String count(long rows) {
        return rows == 1 ? "1 row" : String.format(Locale.ROOT, "%,d rows", rows);
    }

    private int tell(Failure failure, Throwable thrown) {
        out.flush();
        String place = failure.line() == 0 ? "" : " (line " + failure.line() + ", column " + failure.column() + ")";
        err.println("error: " + failure.message() + (failure.message().contains("line ") ? "" : place));
        if (failure.code() == ErrorCode.INTERNAL) {
            thrown.printStackTrace(err);
        }
        return ExitCodes.of(failure.code());
    }
}
