package dev.vitrine.server.jdbc;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client's connection and its statements. */
final class Session implements AutoCloseable {
    private static final int MAX_STATEMENTS = 100;

    private final Connection connection;
    private final long rowLimit;
    private final Map<Integer, OpenStatement> statements = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private volatile long lastUsed = System.nanoTime();

    Session(Connection connection, long rowLimit) {
        this.connection = connection;
        this.rowLimit = rowLimit;
    }

    Connection connection() {
        return connection;
    }

    void used() {
        lastUsed = System.nanoTime();
    }

    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - lastUsed);
    }

    /** Keeps a statement under a new id. */
    int add(Statement statement, String sql) {
        if (statements.size() >= MAX_STATEMENTS) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the connection has " + statements.size()
                            + " open statements, the limit; expected some to be closed");
        }
        int id = lastId.incrementAndGet();
        statements.put(id, new OpenStatement(statement, sql, rowLimit));
        return id;
    }

    /** An id for a result that is complete in its first frame. */
    int unusedId() {
        return lastId.incrementAndGet();
    }

    @Nullable
    OpenStatement statement(int id) {
        return statements.get(id);
    }

    /** Closes a statement; one that is not there is closed already. */
    void closeStatement(int id) throws SQLException {
        OpenStatement statement = statements.remove(id);
        if (statement != null) {
            statement.close();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
