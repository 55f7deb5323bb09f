package dev.vitrine.server.result;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes one result in one format. {@link ResultCopy} calls it in order: the columns, the rows, the end. */
public interface ResultWriter extends AutoCloseable {
    /** Takes the columns, once. */
    void begin(List<Column> columns) throws IOException;

    /** Takes the row on which the cursor stands. */
    void row(ResultSet row) throws SQLException, IOException;

    /** Takes what was counted, after the last row. */
    void end(ResultSummary summary) throws IOException;

    /**
     * Takes the reason why no more rows come, in place of {@link #end}; false where the format has no place for it, and a reader can
     * tell only by the missing end.
     *
     * @param problem to be written as JSON
     */
    boolean fail(Object problem) throws IOException;

    /** Frees what the writer holds; writes nothing more, so that a failed result keeps no end. */
    @Override
    default void close() {}
}
