package dev.vitrine.sql.workspace;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** What one statement reads from the workspace: a single snapshot, however many tables it scans. */
final class WorkspaceSession implements Closeable {
    private final Connection connection;

    WorkspaceSession(Workspace workspace) {
        this.connection = workspace.snapshot();
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
