package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.Dimension;
import dev.vitrine.sql.tensor.run.Extents;
import dev.vitrine.sql.tensor.run.RunTensors;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** The least and the largest value that an integer expression can have in a query. */
final class Intervals {
    private static final Set<SqlKind> ARITHMETIC = EnumSet.of(
            SqlKind.PLUS,
            SqlKind.MINUS,
            SqlKind.TIMES,
            SqlKind.DIVIDE,
            SqlKind.MOD,
            SqlKind.MINUS_PREFIX,
            SqlKind.CAST);
    private static final long LARGEST = 1L << 31;

    private final Extents extents;
    private final List<RunTensors> runs;
    private final List<Dimension> dimensions;
    private final ToLongFunction<RexNode> constants;

    /** @param constants the value of a constant expression, {@link Long#MIN_VALUE} where there is none */
    Intervals(Extents extents, List<RunTensors> runs, List<Dimension> dimensions, ToLongFunction<RexNode> constants) {
        this.extents = extents;
        this.runs = runs;
        this.dimensions = dimensions;
        this.constants = constants;
    }

    /** {least, largest}; null where that is not known. NULL values do not count. */
    long @Nullable [] of(RexNode rex) {
        long[] interval = interval(rex);
        // Beyond the range of int an integer of SQL wraps around.
        return interval == null || interval[0] <= -LARGEST || interval[1] >= LARGEST ? null : interval;
    }

    private long @Nullable [] interval(RexNode rex) {
        if (rex instanceof RexInputRef ref) {
            return column(extents.nest().columns().get(ref.getIndex()));
        }
        long constant = constants.applyAsLong(rex);
        if (constant != Long.MIN_VALUE) {
            return new long[] {constant, constant};
        }
        return rex instanceof RexCall call ? call(call) : null;
    }

    private long @Nullable [] column(Nest.Column column) {
        if (column instanceof Nest.Coordinate coordinate) {
            return new long[] {extents.lo(coordinate.axis()), extents.hi(coordinate.axis()) - 1L};
        }
        if (column instanceof Nest.KvHead) {
            return new long[] {
                0, runs.stream().mapToInt(RunTensors::kvHeads).max().orElse(1)
            };
        }
        if (column instanceof Nest.DimensionColumn dimension) {
            int[] values = dimensions.get(dimension.dimension()).column(dimension.column()).ints;
            long least = 0;
            long most = 0;
            for (int value : values) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            return values.length == 0 ? null : new long[] {least, most};
        }
        return null;
    }

    private long @Nullable [] call(RexCall call) {
        List<RexNode> operands = call.getOperands();
        if (call.getKind() == SqlKind.CASE) {
            return union(operands);
        }
        if (!ARITHMETIC.contains(call.getKind())) {
            return null;
        }
        long[] a = of(operands.get(0));
        long[] b = operands.size() < 2 ? new long[] {0, 0} : of(operands.get(1));
        if (a == null || b == null) {
            return null;
        }
        return switch (call.getKind()) {
            case PLUS -> new long[] {a[0] + b[0], a[1] + b[1]};
            case MINUS -> new long[] {a[0] - b[1], a[1] - b[0]};
            case MINUS_PREFIX -> new long[] {-a[1], -a[0]};
            case TIMES -> hull(a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]);
            case DIVIDE -> b[0] > 0 ? hull(a[0] / b[0], a[0] / b[1], a[1] / b[0], a[1] / b[1]) : null;
            case MOD ->
                b[0] > 0
                        ? new long[] {a[0] >= 0 ? 0 : Math.max(a[0], 1 - b[1]), a[1] <= 0 ? 0 : Math.min(a[1], b[1] - 1)
                        }
                        : null;
            default -> a;
        };
    }

    private long @Nullable [] union(List<RexNode> operands) {
        long[] union = null;
        for (int i = 0; i < operands.size(); i++) {
            boolean result = i % 2 == 1 || i == operands.size() - 1;
            if (result && !org.apache.calcite.rex.RexUtil.isNullLiteral(operands.get(i), true)) {
                long[] branch = of(operands.get(i));
                if (branch == null) {
                    return null;
                }
                union = union == null ? branch : hull(union[0], union[1], branch[0], branch[1]);
            }
        }
        return union;
    }

    private static long[] hull(long... values) {
        long least = values[0];
        long most = values[0];
        for (long value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return new long[] {least, most};
    }
}
