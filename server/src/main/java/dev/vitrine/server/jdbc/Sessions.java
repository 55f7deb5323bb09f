package dev.vitrine.server.jdbc;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.jspecify.annotations.Nullable;

/** The connections of all clients, under the ids that the clients choose. All read only. */
final class Sessions implements AutoCloseable {
    static final int MAX_CONNECTIONS = 25;
    static final Duration MAX_IDLE = Duration.ofMinutes(30);

    private final Database database;
    private final long rowLimit;
    private final Duration maxIdle;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    Sessions(Database database, long rowLimit, Duration maxIdle) {
        this.database = database;
        this.rowLimit = rowLimit;
        this.maxIdle = maxIdle;
    }

    /** Opens a connection under a new id. What properties the client would like to set on it is not asked for here. */
    synchronized void open(String id) throws SQLException {
        closeIdle();
        if (sessions.containsKey(id)) {
            throw new VitrineException(ErrorCode.ALREADY_EXISTS, "a connection with the id '" + id + "' is open");
        }
        if (sessions.size() >= MAX_CONNECTIONS) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    MAX_CONNECTIONS + " connections are open, the limit; expected one to be closed first");
        }
        sessions.put(id, new Session(database.connect(true), rowLimit));
    }

    /** The connection of that id. */
    Session session(@Nullable String id) {
        Session session = id == null ? null : sessions.get(id);
        if (session == null) {
            throw new ConnectionGone(id, maxIdle);
        }
        session.used();
        return session;
    }

    /** Closes a connection; one that is not there is closed already. */
    void close(@Nullable String id) throws SQLException {
        Session session = id == null ? null : sessions.remove(id);
        if (session != null) {
            session.close();
        }
    }

    /** Avatica's clients know this kind of failure, and some connect again. */
    private static final class ConnectionGone extends NoSuchConnectionException {
        private final Duration maxIdle;

        ConnectionGone(@Nullable String id, Duration maxIdle) {
            super(id == null ? "" : id);
            this.maxIdle = maxIdle;
        }

        @Override
        public String getMessage() {
            return "connection '" + getConnectionId() + "' is not open; one that is idle for " + maxIdle.toMinutes()
                    + " minutes is closed";
        }
    }

    private void closeIdle() throws SQLException {
        for (Map.Entry<String, Session> entry : sessions.entrySet()) {
            if (entry.getValue().idle().compareTo(maxIdle) > 0) {
                close(entry.getKey());
            }
        }
    }

    @Override
    public void close() {
        for (String id : sessions.keySet()) {
            try {
                close(id);
            } catch (SQLException e) {
                throw new VitrineException(ErrorCode.INTERNAL, "connection '" + id + "' could not be closed", e);
            }
        }
    }
}
