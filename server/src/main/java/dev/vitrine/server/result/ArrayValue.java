package dev.vitrine.server.result;

import dev.vitrine.engine.VitrineException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Reads an array column, a vector without boxing its elements. */
public final class ArrayValue {
    private ArrayValue() {}

    /** A {@code float[]}, or an {@code Object[]} of boxed elements some of which may be null, or null for SQL NULL. */
    public static @Nullable Object of(ResultSet row, int column, int elementType) throws SQLException {
        if (elementType == Types.REAL) {
            try {
                return row.getObject(column, float[].class);
            } catch (VitrineException e) {
                // An element is NULL, which no float can be.
                return boxed(row.getArray(column));
            }
        }
        return boxed(row.getArray(column));
    }

    private static @Nullable Object boxed(@Nullable Array array) throws SQLException {
        return array == null ? null : array.getArray();
    }
}
