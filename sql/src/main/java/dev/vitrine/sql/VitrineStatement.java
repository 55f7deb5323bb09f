package dev.vitrine.sql;

import java.sql.SQLException;
import java.sql.SQLWarning;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** A statement. */
final class VitrineStatement extends AvaticaStatement {
    private @Nullable SQLWarning warnings;

    VitrineStatement(
            AvaticaConnection connection,
            Meta.@Nullable StatementHandle handle,
            int resultSetType,
            int resultSetConcurrency,
            int resultSetHoldability) {
        super(connection, handle, resultSetType, resultSetConcurrency, resultSetHoldability);
    }

    /** Avatica's waits for the statement's monitor, which a running statement may hold. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void cancel() throws SQLException {
        checkOpen();
        cancelFlag.set(true);
    }

    /** Sets the warnings of an execution that begins, the first of a chain. */
    void warn(@Nullable SQLWarning first) {
        warnings = first;
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return warnings;
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
        warnings = null;
    }

    @Override
    public void setEscapeProcessing(boolean enable) {}

    @Override
    public void setPoolable(boolean poolable) {}
}
