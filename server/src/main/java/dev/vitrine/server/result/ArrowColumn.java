package dev.vitrine.server.result;

import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.ZoneOffset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * One column of an Arrow batch, filled from a result set cell by cell. INTEGER and below become int32, FLOAT (8 bytes in SQL) and
 * DOUBLE float64, TIMESTAMP milliseconds without a zone, arrays lists; what has no type of its own here becomes text.
 *
 * @param elementType of an array's elements, of {@link Types}
 */
record ArrowColumn(FieldVector vector, int elementType) {

    static ArrowColumn of(Column column, BufferAllocator allocator) {
        if (column.type() == Types.ARRAY) {
            ListVector list = ListVector.empty(column.name(), allocator);
            list.addOrGetVector(
                    FieldType.nullable(minorType(column.elementType()).getType()));
            return new ArrowColumn(list, column.elementType());
        }
        MinorType type = minorType(column.type());
        FieldType field = FieldType.nullable(type.getType());
        return new ArrowColumn(type.getNewVector(column.name(), field, allocator, null), Types.NULL);
    }

    private static MinorType minorType(int type) {
        return switch (type) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> MinorType.INT;
            case Types.BIGINT -> MinorType.BIGINT;
            case Types.REAL -> MinorType.FLOAT4;
            case Types.FLOAT, Types.DOUBLE -> MinorType.FLOAT8;
            case Types.BOOLEAN, Types.BIT -> MinorType.BIT;
            case Types.DATE -> MinorType.DATEDAY;
            case Types.TIMESTAMP -> MinorType.TIMESTAMPMILLI;
            default -> MinorType.VARCHAR;
        };
    }

    /** Copies a cell; gives the number of array elements it held. */
    int set(int index, ResultSet row, int column) throws SQLException {
        if (vector instanceof ListVector list) {
            Object array = ArrayValue.of(row, column, elementType);
            if (array == null) {
                list.setNull(index);
                return 0;
            }
            return array instanceof float[] floats
                    ? floats(list, index, floats)
                    : elements(list, index, (Object[]) array);
        }
        if (!setScalar(index, row, column)) {
            vector.setNull(index);
        }
        return 0;
    }

    /** False where the cell is NULL. */
    private boolean setScalar(int index, ResultSet row, int column) throws SQLException {
        if (vector instanceof IntVector target) {
            target.setSafe(index, row.getInt(column));
        } else if (vector instanceof BigIntVector target) {
            target.setSafe(index, row.getLong(column));
        } else if (vector instanceof Float4Vector target) {
            target.setSafe(index, row.getFloat(column));
        } else if (vector instanceof Float8Vector target) {
            target.setSafe(index, row.getDouble(column));
        } else if (vector instanceof BitVector target) {
            target.setSafe(index, row.getBoolean(column) ? 1 : 0);
        } else if (vector instanceof DateDayVector target) {
            Date date = row.getDate(column);
            target.setSafe(index, date == null ? 0 : (int) date.toLocalDate().toEpochDay());
        } else if (vector instanceof TimeStampMilliVector target) {
            Timestamp time = row.getTimestamp(column);
            target.setSafe(
                    index,
                    time == null
                            ? 0
                            : time.toLocalDateTime().toInstant(ZoneOffset.UTC).toEpochMilli());
        } else {
            String text = row.getString(column);
            ((VarCharVector) vector).setSafe(index, (text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
        }
        return !row.wasNull();
    }

    private static int floats(ListVector list, int index, float[] values) {
        int start = list.startNewValue(index);
        if (list.getDataVector() instanceof Float4Vector target) {
            while (target.getValueCapacity() < start + values.length) {
                target.reAlloc();
            }
            for (int i = 0; i < values.length; i++) {
                target.set(start + i, values[i]);
            }
        } else {
            for (int i = 0; i < values.length; i++) {
                element(list.getDataVector(), start + i, values[i]);
            }
        }
        list.endValue(index, values.length);
        return values.length;
    }

    private static int elements(ListVector list, int index, Object[] values) {
        int start = list.startNewValue(index);
        for (int i = 0; i < values.length; i++) {
            element(list.getDataVector(), start + i, values[i]);
        }
        list.endValue(index, values.length);
        return values.length;
    }

    private static void element(FieldVector target, int index, Object value) {
        if (value == null) {
            target.setNull(index);
        } else if (target instanceof Float4Vector reals) {
            reals.setSafe(index, ((Number) value).floatValue());
        } else if (target instanceof Float8Vector doubles) {
            doubles.setSafe(index, ((Number) value).doubleValue());
        } else if (target instanceof IntVector integers) {
            integers.setSafe(index, ((Number) value).intValue());
        } else if (target instanceof BigIntVector longs) {
            longs.setSafe(index, ((Number) value).longValue());
        } else if (target instanceof BitVector bits) {
            bits.setSafe(index, (Boolean) value ? 1 : 0);
        } else {
            ((VarCharVector) target).setSafe(index, value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
