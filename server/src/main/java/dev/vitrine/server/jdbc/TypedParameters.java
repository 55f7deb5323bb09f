package dev.vitrine.server.jdbc;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/** Binds the parameters that an Avatica client sends. */
final class TypedParameters {
    private TypedParameters() {}

    /** Binds all; {@code INVALID_ARGUMENT} where the client left one unset. */
    static void bind(PreparedStatement statement, @Nullable List<TypedValue> values) throws SQLException {
        if (values == null) {
            return;
        }
        Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        for (int i = 0; i < values.size(); i++) {
            TypedValue value = values.get(i);
            if (value == null) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT, "parameter " + (i + 1) + " is not set; expected a value or NULL");
            }
            Object bound = value.toJdbc(calendar);
            if (bound instanceof Array array) {
                statement.setArray(i + 1, array);
            } else {
                statement.setObject(i + 1, bound);
            }
        }
    }
}
