package dev.vitrine.sql.workspace;

import dev.vitrine.sql.query.Vector;
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
import org.jspecify.annotations.Nullable;

/** Values between H2's JDBC and Calcite's rows, where a date is days, a time of day milliseconds, a timestamp milliseconds of 1970 UTC. */
final class H2Values {
    private H2Values() {}

    static @Nullable Object read(ResultSet row, int column, ColumnType type) throws SQLException {
        if (type.array()) {
            java.sql.Array array = row.getArray(column);
            return array == null ? null : list((Object[]) array.getArray(), type);
        }
        Object value = switch (type.name()) {
            case DATE -> row.getObject(column, LocalDate.class);
            case TIME -> row.getObject(column, LocalTime.class);
            case TIMESTAMP -> row.getObject(column, LocalDateTime.class);
            default -> row.getObject(column);
        };
        return value == null ? null : toCalcite(value, type);
    }

    private static List<?> list(Object[] elements, ColumnType type) {
        boolean vector = Arrays.stream(elements).allMatch(Float.class::isInstance);
        if (vector && elements.length > 0) {
            float[] values = new float[elements.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (Float) elements[i];
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
            case TINYINT -> ((Number) value).byteValue();
            case SMALLINT -> ((Number) value).shortValue();
            case DATE ->
                (int) (value instanceof java.sql.Date date ? date.toLocalDate() : (LocalDate) value).toEpochDay();
            case TIME ->
                (int) ((value instanceof java.sql.Time time ? time.toLocalTime() : (LocalTime) value).toNanoOfDay()
                        / 1_000_000);
            case TIMESTAMP ->
                (value instanceof java.sql.Timestamp timestamp ? timestamp.toLocalDateTime() : (LocalDateTime) value)
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
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
