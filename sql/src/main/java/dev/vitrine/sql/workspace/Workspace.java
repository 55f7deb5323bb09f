package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.h2.jdbc.JdbcException;
import org.jspecify.annotations.Nullable;

/**
 * The workspace of one store, shared by everything in this process that uses it. Nothing is opened before it is needed: reading takes a
 * private copy of {@code workspace.mv.db}, so that any number of processes can read while one writes; the first write makes this process
 * the writer until it closes the workspace, and another process that wants to write is told so.
 */
public final class Workspace implements AutoCloseable {
    private static final Map<Path, Workspace> OPEN = new HashMap<>();

    private final Path file;
    private final WorkspaceLock lock;
    /** Held through a whole change; the object's own monitor only guards the fields below. */
    private final Object changing = new Object();

    private int users;
    private @Nullable H2File writer;
    private @Nullable WorkspaceCopy copy;
    private @Nullable WorkspaceContents contents;

    private Workspace(Path folder) {
        this.file = folder.resolve("workspace.mv.db");
        this.lock = new WorkspaceLock(folder.resolve("workspace.lock"));
    }

    /** The workspace in that store's folder; each caller closes what it opened. */
    public static Workspace open(Path store) {
        synchronized (OPEN) {
            try {
                Workspace workspace = OPEN.computeIfAbsent(store.toRealPath(), Workspace::new);
                workspace.users++;
                return workspace;
            } catch (IOException e) {
                throw new VitrineException(ErrorCode.NOT_FOUND, "store " + store + " is not there: " + e, e);
            }
        }
    }

    /** What the workspace holds now: the same object until that changes. */
    public synchronized WorkspaceContents contents() {
        refresh();
        WorkspaceContents known = contents;
        if (known == null) {
            if (writer == null && copy == null) {
                known = WorkspaceContents.EMPTY;
            } else {
                try (Connection session = connect()) {
                    known = WorkspaceContents.read(session);
                } catch (SQLException e) {
                    throw failure("read", e);
                }
            }
            contents = known;
        }
        return known;
    }

    /** A session that sees the workspace as it is now, to the session's end. */
    synchronized Connection snapshot() {
        refresh();
        Connection session = connect();
        try {
            session.setTransactionIsolation(org.h2.engine.Constants.TRANSACTION_SNAPSHOT);
            session.setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            throw failure("read", e);
        }
    }

    /**
     * Changes the workspace: all of it or, where the change throws, nothing.
     *
     * @param <T> what the change gives
     */
    <T> T write(Change<T> change) {
        synchronized (changing) {
            H2File database = becomeWriter();
            FileLock lasting = lock.beginChange();
            try (Connection session = database.connect();
                    Statement sync = session.createStatement()) {
                session.setAutoCommit(false);
                try {
                    T result = change.apply(session);
                    session.commit();
                    return result;
                } finally {
                    session.rollback();
                    sync.execute("CHECKPOINT SYNC");
                    forgetContents();
                }
            } catch (SQLException e) {
                throw failure("written", e);
            } finally {
                lock.changed(lasting);
            }
        }
    }

    /**
     * A change in a transaction of its own.
     *
     * @param <T> what it gives
     */
    interface Change<T> {
        T apply(Connection session) throws SQLException;
    }

    private synchronized H2File becomeWriter() {
        H2File database = writer;
        if (database == null) {
            lock.own();
            try {
                database = openForWriting();
            } finally {
                if (database == null) {
                    lock.close();
                }
            }
            writer = database;
            closeCopy();
        }
        return database;
    }

    private H2File openForWriting() {
        FileLock lasting = lock.beginChange();
        try {
            H2File database = H2File.open(file);
            try (Connection session = database.connect()) {
                WorkspaceContents.prepare(session);
            }
            return database;
        } catch (SQLException e) {
            throw failure("opened for writing", e);
        } finally {
            lock.changed(lasting);
        }
    }

    /** Drops a copy that the original has left behind. */
    private void refresh() {
        if (writer != null) {
            return;
        }
        try {
            WorkspaceCopy known = copy;
            if (known != null && (!Files.exists(file) || !known.isOf(file))) {
                closeCopy();
            }
            if (copy == null && Files.exists(file)) {
                copy = WorkspaceCopy.of(file, lock);
                contents = null;
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "workspace " + file + " cannot be copied for reading: " + e, e);
        }
    }

    private Connection connect() {
        H2File database = writer;
        if (database != null) {
            return database.connect();
        }
        WorkspaceCopy known = copy;
        if (known != null) {
            return known.connect();
        }
        throw new VitrineException(ErrorCode.NOT_FOUND, "workspace " + file + " is not there any more");
    }

    private synchronized void forgetContents() {
        contents = null;
    }

    private void closeCopy() {
        contents = null;
        WorkspaceCopy known = copy;
        copy = null;
        if (known != null) {
            known.close();
        }
    }

    /** H2's states 22 and 23 say that a value does not fit its column or a key: the user's business, in H2's words. */
    private VitrineException failure(String what, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        SQLException first = e.getNextException() == null ? e : e.getNextException();
        if (first instanceof JdbcException h2 && (state.startsWith("22") || state.startsWith("23"))) {
            return new VitrineException(ErrorCode.INVALID_ARGUMENT, "workspace: " + h2.getOriginalMessage(), e);
        }
        return new VitrineException(
                ErrorCode.IO, "workspace " + file + " cannot be " + what + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users > 0) {
                return;
            }
            OPEN.values().remove(this);
            synchronized (changing) {
                closeFiles();
            }
        }
    }

    private synchronized void closeFiles() {
        closeCopy();
        H2File database = writer;
        writer = null;
        if (database != null) {
            FileLock lasting = lock.beginChange();
            try {
                database.close();
            } finally {
                lock.changed(lasting);
                lock.close();
            }
        }
    }
}
