package dev.vitrine.server.jdbc;

import dev.vitrine.server.result.ArrayValue;
import dev.vitrine.server.result.Column;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** Reads rows into Avatica frames, each value in the form that its protocol wants: dates as days, timestamps as milliseconds. */
final class Frames {
    /** Rows of a frame where the client does not care; Avatica's own default, 100, makes one request per 100 rows. */
    static final int DEFAULT_ROWS = 5_000;

    private static final int AVATICA_DEFAULT_ROWS = 100;
    private static final int MAX_ROWS = 50_000;
    /** A frame ends at so many array elements: each is a protobuf message, twice. */
    private static final int MAX_ELEMENTS = 1 << 17;

    private Frames() {}

    /** The rows of a frame where the client asks for so many. */
    static int rows(int asked) {
        return asked <= 0 || asked == AVATICA_DEFAULT_ROWS ? DEFAULT_ROWS : Math.min(asked, MAX_ROWS);
    }

    /** All that is left. */
    static Meta.Frame all(ResultSet rows) throws SQLException {
        List<Column> columns = Column.of(rows.getMetaData());
        List<Object> frame = new ArrayList<>();
        while (rows.next()) {
            frame.add(row(rows, columns));
        }
        return new Meta.Frame(0, true, frame);
    }

    /**
     * The next rows.
     *
     * @param offset of the first, from 0
     * @param eachRow is run after every row, and may end it by throwing
     */
    static Meta.Frame next(ResultSet rows, List<Column> columns, long offset, int maxRows, Runnable eachRow)
            throws SQLException {
        List<Object> frame = new ArrayList<>();
        int elements = 0;
        while (frame.size() < maxRows && elements < MAX_ELEMENTS) {
            if (!rows.next()) {
                return new Meta.Frame(offset, true, frame);
            }
            Object[] row = row(rows, columns);
            for (Object value : row) {
                elements += value instanceof List<?> array ? array.size() : 0;
            }
            frame.add(row);
            eachRow.run();
        }
        return new Meta.Frame(offset, false, frame);
    }

    private static Object[] row(ResultSet row, List<Column> columns) throws SQLException {
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            Object value =
                    value(row, i + 1, columns.get(i).type(), columns.get(i).elementType());
            values[i] = row.wasNull() ? null : value;
        }
        return values;
    }

    /** The value, or anything where {@code wasNull} says NULL. */
    private static @Nullable Object value(ResultSet row, int column, int type, int elementType) throws SQLException {
        return switch (type) {
            case Types.TINYINT -> row.getByte(column);
            case Types.SMALLINT -> row.getShort(column);
            case Types.INTEGER -> row.getInt(column);
            case Types.BIGINT -> row.getLong(column);
            case Types.REAL -> row.getFloat(column);
            case Types.FLOAT, Types.DOUBLE -> row.getDouble(column);
            case Types.ARRAY -> list(ArrayValue.of(row, column, elementType));
            case Types.DATE -> days(row.getDate(column));
            case Types.TIMESTAMP -> millis(row.getTimestamp(column, utc()));
            default -> row.getObject(column);
        };
    }

    private static int days(@Nullable Date date) {
        return date == null ? 0 : (int) date.toLocalDate().toEpochDay();
    }

    private static long millis(@Nullable Timestamp time) {
        return time == null ? 0 : time.toInstant().toEpochMilli();
    }

    private static Calendar utc() {
        return Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    }

    private static @Nullable List<?> list(@Nullable Object array) {
        if (array instanceof float[] vector) {
            return new AbstractList<Float>() {
                @Override
                public Float get(int index) {
                    return vector[index];
                }

                @Override
                public int size() {
                    return vector.length;
                }
            };
        }
        return array == null ? null : Arrays.asList((Object[]) array);
    }
}
