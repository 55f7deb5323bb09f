package dev.vitrine.sql.tensor.run;

import dev.vitrine.sql.query.Vector;
import java.math.BigDecimal;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Between loops' primitives and the Java classes in which Calcite's rows hold SQL values. */
public final class Boxing {
    private Boxing() {}

    /** An integer as a value of that type. */
    public static Object box(long value, SqlTypeName type) {
        return switch (type) {
            case TINYINT -> (byte) value;
            case SMALLINT -> (short) value;
            case INTEGER -> (int) value;
            case BIGINT -> value;
            case REAL -> (float) value;
            case FLOAT, DOUBLE -> (double) value;
            case DECIMAL -> BigDecimal.valueOf(value);
            case BOOLEAN -> value != 0;
            default -> throw new IllegalArgumentException("an integer is no " + type);
        };
    }

    /** A float64 as a value of that type. */
    public static Object box(double value, SqlTypeName type) {
        return switch (type) {
            case REAL -> (float) value;
            case FLOAT, DOUBLE -> value;
            case DECIMAL -> BigDecimal.valueOf(value);
            default -> box((long) value, type);
        };
    }

    /** A copy of a vector, whose array is used again, as a value of SQL. */
    public static @Nullable Vector copy(float[] vector) {
        return Vector.of(vector.clone());
    }
}
