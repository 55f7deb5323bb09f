package dev.vitrine.sql;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Vector;
import java.sql.Array;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.TimeZone;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.jspecify.annotations.Nullable;

/** A result. {@code getObject(i, float[].class)} gives a vector without boxing its elements. */
final class VitrineResultSet extends AvaticaResultSet {
    VitrineResultSet(
            AvaticaStatement statement,
            QueryState state,
            Meta.Signature signature,
            ResultSetMetaData metaData,
            TimeZone timeZone,
            Meta.@Nullable Frame firstFrame)
            throws SQLException {
        super(statement, state, signature, metaData, timeZone, firstFrame);
    }

    @Override
    protected AvaticaResultSet execute() throws SQLException {
        try {
            return super.execute();
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public boolean next() throws SQLException {
        try {
            return super.next();
        } catch (SQLException | RuntimeException e) {
            if (!isClosed() && e instanceof SQLException) {
                throw Failures.of(new VitrineException(ErrorCode.CANCELLED, "the statement was cancelled", e));
            }
            throw Failures.of(e);
        }
    }

    @Override
    public <T> @Nullable T getObject(int columnIndex, Class<T> type) throws SQLException {
        if (type == float[].class) {
            Array array = getArray(columnIndex);
            return type.cast(array == null ? null : Vector.floats(((ListArray) array).list()));
        }
        return super.getObject(columnIndex, type);
    }

    @Override
    public <T> @Nullable T getObject(String columnLabel, Class<T> type) throws SQLException {
        return getObject(findColumn(columnLabel), type);
    }
}
