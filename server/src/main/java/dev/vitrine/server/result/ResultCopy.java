package dev.vitrine.server.result;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.server.query.RunningQuery;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads a result set row by row into a {@link ResultWriter}. */
public final class ResultCopy {
    private ResultCopy() {}

    /**
     * Copies until the rows end, or one more than {@code askedRows} has come, which makes the result truncated.
     *
     * @param query counts the rows and may stop the copy
     * @param askedRows most rows to write; 0 for all
     * @param limits {@code LIMIT_EXCEEDED} beyond their rows or bytes
     * @param bytes how many bytes have been written so far
     */
    public static ResultSummary copy(
            ResultSet rows,
            ResultWriter writer,
            RunningQuery query,
            long askedRows,
            QueryLimits limits,
            LongSupplier bytes)
            throws SQLException, IOException {
        writer.begin(Column.of(rows.getMetaData()));
        boolean truncated = false;
        while (rows.next()) {
            if (query.rows() == askedRows && askedRows > 0) {
                truncated = true;
                break;
            }
            if (query.rows() == limits.rows()) {
                throw tooLarge(limits.rows() + " rows");
            }
            writer.row(rows);
            query.countRow();
            if (bytes.getAsLong() > limits.bytes()) {
                throw tooLarge(limits.bytes() + " bytes");
            }
        }
        ResultSummary summary =
                new ResultSummary(query.rows(), truncated, query.elapsed(), warnings(rows.getStatement()));
        writer.end(summary);
        return summary;
    }

    private static List<String> warnings(Statement statement) throws SQLException {
        List<String> warnings = new ArrayList<>();
        for (SQLWarning each = statement.getWarnings(); each != null; each = each.getNextWarning()) {
            warnings.add(each.getMessage());
        }
        return warnings;
    }

    private static VitrineException tooLarge(String limit) {
        return new VitrineException(
                ErrorCode.LIMIT_EXCEEDED,
                "the result has more than " + limit + ", the limit; expected a LIMIT, fewer columns or an aggregate");
    }
}
