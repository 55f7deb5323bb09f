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

    /** Opens the file, which is made where it is not there; {@code BAD_STORE} where it holds more than {@link H2Inspection} lets pass. */
    static H2File open(Path file) {
        return open(file, file);
    }

    /** The same for a copy, of which messages speak by the name of the original. */
    static H2File open(Path file, Path original) {
        H2Inspection.inspect(file, original);
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
        if (path.indexOf(';') >= 0) {
            // H2 would take what follows for settings, of which some run statements.
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "workspace " + path + " cannot be opened: its path has a ';'; expected a path without");
        }
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
