package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Vector;
import dev.vitrine.sql.tensor.run.Groups;
import dev.vitrine.udfs.FunctionDescription;
import java.lang.reflect.InvocationTargetException;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** A catalogue function's state in a slot: merging two, and the value of one. Called per group, not per row. */
final class UserAggregate implements Aggregates.Result {
    private final FunctionDescription function;
    private final int slot;

    UserAggregate(FunctionDescription function, int slot) {
        this.function = function;
        this.slot = slot;
    }

    @Override
    public @Nullable Object of(Groups groups, int group) {
        Object state = groups.objects[slot][group];
        Object result = call(function, "result", state == null ? call(function, "init") : state);
        return result instanceof float[] vector ? Vector.of(vector) : result;
    }

    static BinaryOperator<Object> merge(FunctionDescription function) {
        return (a, b) -> {
            Object merged = call(function, "merge", a, b);
            return merged == null ? a : merged;
        };
    }

    private static @Nullable Object call(FunctionDescription function, String method, @Nullable Object... arguments) {
        try {
            return function.method(method).invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new VitrineException(
                    ErrorCode.INTERNAL, "function " + function.name() + ": " + method + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new VitrineException(
                    ErrorCode.INTERNAL, "function " + function.name() + ": " + method + " is not public", e);
        }
    }
}
