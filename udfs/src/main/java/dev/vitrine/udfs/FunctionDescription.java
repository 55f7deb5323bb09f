package dev.vitrine.udfs;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One function of the catalogue: what its annotation says, and the methods to call.
 *
 * @param kind scalar, aggregate or table function
 * @param name SQL name, lower case
 * @param arguments in order
 * @param result type of the value; null for a table function
 * @param columns of a table function, in order; empty otherwise
 * @param summary what it gives, in one sentence
 * @param source paper, code or {@code definition}
 * @param example one SQL statement
 * @param implementation the annotated class
 * @param methods by name: {@code eval}; {@code init}, {@code add}, {@code merge} and {@code result}; or {@code rows}
 */
public record FunctionDescription(
        FunctionKind kind,
        String name,
        List<Field> arguments,
        @Nullable SqlType result,
        List<Field> columns,
        String summary,
        String source,
        String example,
        Class<?> implementation,
        Map<String, Method> methods) {

    /**
     * An argument, or a column of a table function.
     *
     * @param meaning shape, unit or range of an argument; empty for a column
     */
    public record Field(String name, SqlType type, String meaning) {}

    public FunctionDescription {
        arguments = List.copyOf(arguments);
        columns = List.copyOf(columns);
        methods = Map.copyOf(methods);
    }

    /** The method of that name, which the catalogue has found to be public, static and of the right shape. */
    public Method method(String method) {
        Method found = methods.get(method);
        if (found == null) {
            throw new VitrineException(
                    ErrorCode.INTERNAL, "function " + name + " has no method " + method + ": it is of kind " + kind);
        }
        return found;
    }

    /** How it is called, with types: {@code dot(a REAL ARRAY, b REAL ARRAY) → DOUBLE}. */
    public String signature() {
        String gives = result == null ? fields(columns, "(", ")") : result.label();
        return name + fields(arguments, "(", ")") + " → " + gives;
    }

    private static String fields(List<Field> fields, String open, String close) {
        return fields.stream()
                .map(field -> field.name() + " " + field.type().label())
                .collect(Collectors.joining(", ", open, close));
    }
}
