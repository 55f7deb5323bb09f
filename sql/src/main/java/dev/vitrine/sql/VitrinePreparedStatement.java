package dev.vitrine.sql;

import dev.vitrine.sql.query.Vector;
import java.io.InputStream;
import java.io.Reader;
import java.sql.Array;
import java.sql.NClob;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.util.List;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaPreparedStatement;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/** A prepared statement. A vector is given as float[], as a list of numbers or as an SQL array. */
final class VitrinePreparedStatement extends AvaticaPreparedStatement {
    private @Nullable SQLWarning warnings;

    VitrinePreparedStatement(
            AvaticaConnection connection,
            Meta.@Nullable StatementHandle handle,
            Meta.Signature signature,
            int resultSetType,
            int resultSetConcurrency,
            int resultSetHoldability)
            throws SQLException {
        super(connection, handle, signature, resultSetType, resultSetConcurrency, resultSetHoldability);
    }

    Meta.Signature prepared() {
        return getSignature();
    }

    /** As in {@link VitrineStatement}. */
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

    @Override
    public void setObject(int parameterIndex, @Nullable Object x) throws SQLException {
        if (x instanceof float[] vector) {
            setList(parameterIndex, Vector.of(vector));
        } else if (x instanceof List<?> list) {
            setList(parameterIndex, list);
        } else if (x instanceof Array array) {
            setArray(parameterIndex, array);
        } else {
            super.setObject(parameterIndex, x);
        }
    }

    @Override
    public void setArray(int parameterIndex, @Nullable Array x) throws SQLException {
        if (x == null) {
            setNull(parameterIndex, java.sql.Types.ARRAY);
            return;
        }
        Object elements = x.getArray();
        setList(parameterIndex, elements instanceof float[] vector ? Vector.of(vector) : List.of((Object[]) elements));
    }

    private void setList(int parameterIndex, @Nullable List<?> list) throws SQLException {
        getSite(parameterIndex);
        slots[parameterIndex - 1] = TypedValue.ofLocal(ColumnMetaData.Rep.ARRAY, list);
    }

    @Override
    public void setNString(int parameterIndex, String value) throws SQLException {
        setString(parameterIndex, value);
    }

    @Override
    public void setRowId(int parameterIndex, RowId x) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setNCharacterStream(int parameterIndex, Reader value, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setNClob(int parameterIndex, NClob value) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setClob(int parameterIndex, Reader reader, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setBlob(int parameterIndex, InputStream inputStream, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setNClob(int parameterIndex, Reader reader, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setSQLXML(int parameterIndex, SQLXML xmlObject) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setAsciiStream(int parameterIndex, InputStream x, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setBinaryStream(int parameterIndex, InputStream x, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setCharacterStream(int parameterIndex, Reader reader, long length) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setAsciiStream(int parameterIndex, InputStream x) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setBinaryStream(int parameterIndex, InputStream x) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setCharacterStream(int parameterIndex, Reader reader) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setNCharacterStream(int parameterIndex, Reader value) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setClob(int parameterIndex, Reader reader) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setBlob(int parameterIndex, InputStream inputStream) throws SQLException {
        throw unsupported();
    }

    @Override
    public void setNClob(int parameterIndex, Reader reader) throws SQLException {
        throw unsupported();
    }

    private static SQLFeatureNotSupportedException unsupported() {
        return new SQLFeatureNotSupportedException(
                "streams, LOBs and XML cannot be parameters; expected a value", "0A000");
    }
}
