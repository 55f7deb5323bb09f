package dev.vitrine.sql.workspace;

import dev.vitrine.sql.query.Vector;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Values between H2's JDBC and Calcite's rows, where a date is days, a time of day milliseconds, a timestamp milliseconds of 1970 UTC. */
final class H2Values {
    private H2Values() {}

    /** H2 is told the class that is wanted: by itself it would deserialize a Java object that a forged file has in place of a number. */
    static @Nullable Object read(ResultSet row, int column, ColumnType type) throws SQLException {
        Class<?> wanted = h2Class(type.name());
        if (type.array()) {
            Object[] elements = (Object[]) row.getObject(column, wanted.arrayType());
            return elements == null ? null : list(elements, type);
        }
        Object value = row.getObject(column, wanted);
        return value == null ? null : toCalcite(value, type);
    }

    private static Class<?> h2Class(SqlTypeName type) {
        return switch (type) {
            case BOOLEAN -> Boolean.class;
            case TINYINT -> Byte.class;
            case SMALLINT -> Short.class;
            case INTEGER -> Integer.class;
            case BIGINT -> Long.class;
            case REAL -> Float.class;
            case DOUBLE -> Double.class;
            case DECIMAL -> BigDecimal.class;
            case DATE -> LocalDate.class;
            case TIME -> LocalTime.class;
            case TIMESTAMP -> LocalDateTime.class;
            case VARBINARY -> byte[].class;
            default -> String.class;
        };
    }

    private static List<?> list(Object[] elements, ColumnType type) {
        if (elements instanceof Float[] floats
                && floats.length > 0
                && !Arrays.asList(floats).contains(null)) {
            float[] values = new float[floats.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats[i];
            }
            return Objects.requireNonNull(Vector.of(values));
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (Object element : elements) {
            list.add(element == null ? null : toCalcite(element, type));
        }
        return list;
    }

    private static Object toCalcite(Object value, ColumnType type) {
        return switch (type.name()) {
            case DATE -> (int) ((LocalDate) value).toEpochDay();
            case TIME -> (int) (((LocalTime) value).toNanoOfDay() / 1_000_000);
            case TIMESTAMP -> ((LocalDateTime) value).toInstant(ZoneOffset.UTC).toEpochMilli();
            case VARBINARY -> new ByteString((byte[]) value);
            default -> value;
        };
    }

    static @Nullable Object write(@Nullable Object value, ColumnType type) {
        if (value == null) {
            return null;
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(element -> element == null ? null : toH2(element, type))
                    .toArray();
        }
        return toH2(value, type);
    }

    private static Object toH2(Object value, ColumnType type) {
        return switch (type.name()) {
            case DATE -> LocalDate.ofEpochDay(((Number) value).longValue());
            case TIME -> LocalTime.ofNanoOfDay(((Number) value).longValue() * 1_000_000);
            case TIMESTAMP ->
                LocalDateTime.ofInstant(Instant.ofEpochMilli(((Number) value).longValue()), ZoneOffset.UTC);
            case VARBINARY -> ((ByteString) value).getBytes();
            default -> value;
        };
    }
}
