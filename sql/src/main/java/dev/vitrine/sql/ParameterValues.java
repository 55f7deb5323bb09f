package dev.vitrine.sql;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;

/** The values given for a statement's parameters, as generated code takes them. */
final class ParameterValues {
    private ParameterValues() {}

    /** {@code INVALID_ARGUMENT} where one is missing or is not of its type. */
    static List<@Nullable Object> of(RelDataType expected, List<@Nullable TypedValue> given) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RelDataTypeField field : expected.getFieldList()) {
            int number = field.getIndex() + 1;
            TypedValue value = field.getIndex() < given.size() ? given.get(field.getIndex()) : null;
            if (value == null) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "parameter " + number + " of " + expected.getFieldCount()
                                + " is not set; expected a value or NULL");
            }
            values.add(of(field.getType(), number, value));
        }
        return values;
    }

    private static @Nullable Object of(RelDataType expected, int number, TypedValue given) {
        Object value = given.type == ColumnMetaData.Rep.ARRAY ? given.value : given.toLocal();
        if (value == null) {
            return null;
        }
        try {
            return switch (expected.getSqlTypeName()) {
                case TINYINT -> number(value).byteValueExact();
                case SMALLINT -> number(value).shortValueExact();
                case INTEGER -> number(value).intValueExact();
                case BIGINT -> number(value).longValueExact();
                case DECIMAL -> number(value);
                case REAL -> value instanceof Number real ? real.floatValue() : Float.valueOf(value.toString());
                case FLOAT, DOUBLE ->
                    value instanceof Number real ? real.doubleValue() : Double.valueOf(value.toString());
                case CHAR, VARCHAR -> value.toString();
                case BOOLEAN -> truth(value);
                case ARRAY -> requireList(value);
                default -> value;
            };
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "parameter " + number + " is " + value + "; expected " + ResultColumns.name(expected),
                    e);
        }
    }

    private static BigDecimal number(Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }

    private static Boolean truth(Object value) {
        String text = value.toString();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        throw new IllegalArgumentException(text);
    }

    private static List<?> requireList(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(value.toString());
    }
}
