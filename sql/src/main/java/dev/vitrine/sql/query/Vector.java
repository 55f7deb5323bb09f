package dev.vitrine.sql.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A value of type REAL ARRAY. Calcite wants a {@link List}; this one stands in front of a float[], so that functions get their
 * argument without a copy and an element is boxed only when one is asked for. Public because generated code calls it.
 */
public final class Vector extends AbstractList<Float> implements RandomAccess {
    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    /** A view of these values, which must not change afterwards; null for null. */
    public static @Nullable Vector of(float @Nullable [] values) {
        return values == null ? null : new Vector(values);
    }

    /**
     * The values of an SQL array: the vector's own, not to be changed, or those of another array of numbers narrowed to float32.
     * {@code INVALID_ARGUMENT} where an element is NULL.
     */
    public static float[] floats(List<?> array) {
        if (array instanceof Vector vector) {
            return vector.values;
        }
        float[] values = new float[array.size()];
        int i = 0;
        for (Object element : array) {
            if (element == null) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "element " + (i + 1) + " of an array of " + array.size() + " is NULL; expected numbers only");
            }
            values[i++] = ((Number) element).floatValue();
        }
        return values;
    }

    @Override
    public Float get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }
}
