package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** An H2 database file that this process has open. It stays open between statements, until closed. */
final class H2File implements AutoCloseable {
    private static final String ENDING = ".mv.db";

    private final Path file;
    private final Connection keeper;

    private H2File(Path file, Connection keeper) {
        this.file = file;
        this.keeper = keeper;
    }

    /** Opens the file, which is made where it is not there. */
    static H2File open(Path file) {
        try {
            return new H2File(file, connect(file));
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /** A session of its own, for the caller to close. */
    Connection connect() {
        try {
            return connect(file);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /**
     * Names keep their case and match in any, as in the rest of Vitrine's SQL. Without a write delay there is no thread that writes
     * between statements.
     */
    private static Connection connect(Path file) throws SQLException {
        String path = file.toAbsolutePath().toString();
        Properties user = new Properties();
        user.setProperty("user", "vitrine");
        user.setProperty("password", "");
        Connection connection = org.h2.Driver.load()
                .connect(
                        "jdbc:h2:file:" + path.substring(0, path.length() - ENDING.length())
                                + ";DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0"
                                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0",
                        user);
        if (connection == null) {
            throw new SQLException("H2 does not take the path " + path);
        }
        return connection;
    }

    private static VitrineException failure(Path file, SQLException e) {
        boolean open = e.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1;
        return new VitrineException(
                open ? ErrorCode.LOCKED : ErrorCode.BAD_STORE,
                open
                        ? "workspace " + file + " is open in another program; close it there"
                        : "workspace " + file + " cannot be opened: " + e.getMessage(),
                e);
    }

    @Override
    public void close() {
        try {
            keeper.close();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }
}
