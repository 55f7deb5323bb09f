package dev.vitrine.sql.functions;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Vector;
import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.SqlType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Primitive;

/** Turns the values of a row into what a function's Java method takes, and its result into what a row holds. Generated code calls it. */
public final class Arguments {
    private Arguments() {}

    /** Code for the arguments of a call, none of which is null. */
    static List<Expression> of(FunctionDescription function, List<Expression> operands) {
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            arguments.add(of(function.arguments().get(i).type(), operands.get(i)));
        }
        return arguments;
    }

    private static Expression of(SqlType expected, Expression value) {
        Type given = value.getType();
        if (given == expected.javaType()) {
            return value;
        }
        return switch (expected) {
            case BOOLEAN -> Expressions.unbox(Expressions.convert_(value, Boolean.class), Primitive.BOOLEAN);
            case VARCHAR -> Expressions.convert_(value, String.class);
            case REAL_ARRAY -> Expressions.call(Vector.class, "floats", Expressions.convert_(value, List.class));
            case INTEGER -> Expressions.call(Arguments.class, "toInt", number(value));
            case BIGINT -> Expressions.call(number(value), "longValue");
            case REAL ->
                primitiveNumber(given)
                        ? Expressions.convert_(value, float.class)
                        : Expressions.call(number(value), "floatValue");
            case DOUBLE ->
                primitiveNumber(given)
                        ? Expressions.convert_(value, double.class)
                        : Expressions.call(number(value), "doubleValue");
        };
    }

    private static boolean primitiveNumber(Type type) {
        return Primitive.is(type);
    }

    private static Expression number(Expression value) {
        return Primitive.is(value.getType()) ? Expressions.box(value) : Expressions.convert_(value, Number.class);
    }

    /** Code for a function's result as a value of a row. */
    static Expression result(Expression result) {
        return result.getType() == float[].class ? Expressions.call(Vector.class, "of", result) : result;
    }

    /** The number as an int; {@code INVALID_ARGUMENT} where it does not fit. */
    public static int toInt(Number number) {
        long value = number.longValue();
        if (value != (int) value) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "an argument is " + value + "; expected an INTEGER, from " + Integer.MIN_VALUE + " to "
                            + Integer.MAX_VALUE);
        }
        return (int) value;
    }
}
