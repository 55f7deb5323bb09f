package dev.vitrine.sql.tensor.run;

import dev.vitrine.sql.tensor.AxisKind;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A key of GROUP BY, and how its values stand in a long.
 *
 * @param coding what the long is
 * @param axis of the nest, for {@link Coding#AXIS}; −1 otherwise
 * @param axisKind what the axis counts, for {@link Coding#AXIS}
 * @param dictionary for {@link Coding#CODE}
 * @param type in SQL
 * @param lo where groups are dense: the least value
 * @param size where groups are dense: number of values, NULL included as the last; 0 where they are hashed
 * @param nullable whether it can be NULL
 * @param place number among the encoded keys; a nullable hashed key has a second one right behind, 1 for NULL
 */
public record GroupKey(
        Coding coding,
        int axis,
        @Nullable AxisKind axisKind,
        @Nullable Codes dictionary,
        SqlTypeName type,
        long lo,
        int size,
        boolean nullable,
        int place) {

    /** What the long is. */
    public enum Coding {
        /** A coordinate. */
        AXIS,
        /** A number that a dictionary gave. */
        CODE,
        INTEGER,
        BOOLEAN,
        /** The bits of a double. */
        DOUBLE
    }

    public boolean dense() {
        return size > 0;
    }

    /** What stands for NULL where groups are dense. */
    public long nullValue() {
        return lo + size - 1;
    }

    /** The key's value in a group. */
    @Nullable
    public Object value(Groups groups, int group, List<RunTensors> runs) {
        long value = groups.key(group, place);
        if (nullable && (dense() ? value == nullValue() : groups.key(group, place + 1) != 0)) {
            return null;
        }
        return switch (coding) {
            case AXIS ->
                axisKind == AxisKind.RUN
                        ? runs.get((int) value).name()
                        : axisKind == AxisKind.SITE ? Sites.name((int) value) : Boxing.box(value, type);
            case CODE -> dictionary == null ? null : dictionary.object((int) value);
            case DOUBLE -> Boxing.box(Double.longBitsToDouble(value), type);
            default -> Boxing.box(value, type);
        };
    }
}
