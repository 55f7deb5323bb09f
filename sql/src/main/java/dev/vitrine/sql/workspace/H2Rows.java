package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** The rows of one scan of a workspace table. */
final class H2Rows implements Enumerator<@Nullable Object[]> {
    private final Query query;
    private final String sql;
    private final List<ColumnType> types;
    private final Statement statement;
    private ResultSet rows;
    private @Nullable Object[] current = new Object[0];

    H2Rows(Query query, WorkspaceSession session, String sql, List<ColumnType> types) {
        this.query = query;
        this.sql = sql;
        this.types = types;
        try {
            this.statement = session.connection().createStatement();
            this.rows = statement.executeQuery(sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public @Nullable Object[] current() {
        return current;
    }

    @Override
    public boolean moveNext() {
        query.checkActive();
        try {
            if (!rows.next()) {
                return false;
            }
            current = new Object[types.size()];
            for (int i = 0; i < current.length; i++) {
                current[i] = H2Values.read(rows, i + 1, types.get(i));
            }
            query.count(1, 0);
            return true;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void reset() {
        try {
            rows = statement.executeQuery(sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            statement.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static VitrineException failure(SQLException e) {
        return new VitrineException(ErrorCode.IO, "workspace cannot be read: " + e.getMessage(), e);
    }
}
