package dev.vitrine.server.jdbc;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.query.RunningQuery;
import dev.vitrine.server.result.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** One statement of a client, and the result it has open. */
final class OpenStatement implements AutoCloseable {
    private final Statement statement;
    private final long rowLimit;
    private String sql = "";
    private @Nullable ResultSet rows;
    private List<Column> columns = List.of();
    private long sent;

    OpenStatement(Statement statement, String sql, long rowLimit) {
        this.statement = statement;
        this.sql = sql;
        this.rowLimit = rowLimit;
    }

    Statement statement() {
        return statement;
    }

    /** The text that runs, for the list of queries. */
    synchronized String sql() {
        return sql;
    }

    /** Takes a new result in place of the last one. */
    synchronized void opened(String text, ResultSet result) throws SQLException {
        sql = text;
        rows = result;
        columns = Column.of(result.getMetaData());
        sent = 0;
    }

    /**
     * The next rows of the open result, in a frame of at most so many.
     *
     * @param offset the first row the client lacks; {@code NOT_FOUND} where that has been sent and is gone
     */
    synchronized Meta.Frame next(long offset, int maxRows, RunningQuery query) throws SQLException {
        ResultSet open = rows;
        if (open == null) {
            return new Meta.Frame(offset, true, List.of());
        }
        if (offset != sent) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "row " + offset + " of the result was asked for; expected row " + sent + ", the next");
        }
        Meta.Frame frame = Frames.next(open, columns, offset, maxRows, () -> count(query));
        if (frame.done) {
            open.close();
            rows = null;
        }
        return frame;
    }

    private void count(RunningQuery query) {
        if (++sent > rowLimit) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the result has more than " + rowLimit + " rows, the limit; expected a LIMIT or an aggregate");
        }
        query.countRow();
    }

    /** Closes the result too. Not synchronized: it may come while {@link #next} runs, and then stops it. */
    @Override
    public void close() throws SQLException {
        statement.cancel();
        statement.close();
    }
}
