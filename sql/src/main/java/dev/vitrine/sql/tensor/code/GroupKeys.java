package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.Codes;
import dev.vitrine.sql.tensor.run.Dimension;
import dev.vitrine.sql.tensor.run.Extents;
import dev.vitrine.sql.tensor.run.GroupKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Decides how the keys of a grouping are encoded: as places in arrays where their values are few, else for hashing. */
final class GroupKeys {
    /** Groups for which arrays are made whether or not they come to have rows. */
    private static final long MOST_DENSE = 1 << 22;

    private final Extents extents;
    private final Intervals intervals;
    private final List<Dimension> dimensions;
    private final Codes codes;

    GroupKeys(Extents extents, Intervals intervals, List<Dimension> dimensions, Codes codes) {
        this.extents = extents;
        this.intervals = intervals;
        this.dimensions = dimensions;
        this.codes = codes;
    }

    /** The codings of these keys: all dense, or all hashed. */
    List<GroupKey> of(List<RexNode> keys) {
        List<GroupKey> dense = new ArrayList<>();
        double groups = 1;
        for (RexNode key : keys) {
            long[] range = range(key);
            if (range == null) {
                return hashed(keys);
            }
            long values = Math.max(0, range[1] - range[0] + 1) + (key.getType().isNullable() ? 1 : 0);
            groups *= values;
            if (groups > MOST_DENSE) {
                return hashed(keys);
            }
            dense.add(key(key, range[0], (int) Math.max(1, values), dense.size()));
        }
        return dense;
    }

    private List<GroupKey> hashed(List<RexNode> keys) {
        List<GroupKey> hashed = new ArrayList<>();
        int place = 0;
        for (RexNode key : keys) {
            hashed.add(key(key, 0, 0, place));
            place += key.getType().isNullable() ? 2 : 1;
        }
        return hashed;
    }

    private GroupKey key(RexNode rex, long lo, int size, int place) {
        Nest.Column column = column(rex);
        boolean nullable = rex.getType().isNullable();
        var type = rex.getType().getSqlTypeName();
        if (column instanceof Nest.Coordinate coordinate) {
            var kind = extents.nest().axes().get(coordinate.axis());
            return new GroupKey(GroupKey.Coding.AXIS, coordinate.axis(), kind, null, type, lo, size, nullable, place);
        }
        GroupKey.Coding coding = coding(rex);
        return new GroupKey(coding, -1, null, dictionary(rex, column), type, lo, size, nullable, place);
    }

    private @Nullable Codes dictionary(RexNode rex, Nest.@Nullable Column column) {
        if (coding(rex) != GroupKey.Coding.CODE) {
            return null;
        }
        return column instanceof Nest.DimensionColumn dimension
                ? dimensions.get(dimension.dimension()).column(dimension.column()).dictionary
                : codes;
    }

    /** A coding that is good for a trial before any data is seen. */
    static GroupKey trial(Nest nest, RexNode rex, int place) {
        Nest.Column column = rex instanceof RexInputRef ref ? nest.columns().get(ref.getIndex()) : null;
        GroupKey.Coding coding = column instanceof Nest.Coordinate ? GroupKey.Coding.AXIS : coding(rex);
        int axis = column instanceof Nest.Coordinate coordinate ? coordinate.axis() : -1;
        boolean nullable = rex.getType().isNullable();
        return new GroupKey(coding, axis, null, null, rex.getType().getSqlTypeName(), 0, 2, nullable, place);
    }

    /** What stands for a value of the key. */
    static GroupKey.Coding coding(RexNode rex) {
        Kind kind = Kind.of(rex.getType());
        return switch (kind) {
            case BOOLEAN -> GroupKey.Coding.BOOLEAN;
            case INT, LONG -> GroupKey.Coding.INTEGER;
            case FLOAT, DOUBLE -> GroupKey.Coding.DOUBLE;
            case STRING -> GroupKey.Coding.CODE;
            case VECTOR, OBJECT -> {
                if (rex instanceof RexInputRef && kind == Kind.OBJECT) {
                    yield GroupKey.Coding.CODE;
                }
                throw new NotFusible("GROUP BY a value of type " + rex.getType());
            }
        };
    }

    private Nest.@Nullable Column column(RexNode rex) {
        return rex instanceof RexInputRef ref ? extents.nest().columns().get(ref.getIndex()) : null;
    }

    private long @Nullable [] range(RexNode rex) {
        Nest.Column column = column(rex);
        if (column instanceof Nest.Coordinate coordinate) {
            return new long[] {extents.lo(coordinate.axis()), extents.hi(coordinate.axis()) - 1L};
        }
        return switch (coding(rex)) {
            case BOOLEAN -> new long[] {0, 1};
            case INTEGER -> Kind.of(rex.getType()) == Kind.INT ? intervals.of(rex) : null;
            case CODE ->
                column instanceof Nest.DimensionColumn dimension
                        ? new long[] {
                            0,
                            dimensions
                                            .get(dimension.dimension())
                                            .column(dimension.column())
                                            .dictionary
                                            .size()
                                    - 1L
                        }
                        : null;
            default -> null;
        };
    }
}
