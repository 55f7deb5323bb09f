package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.Slot;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Dense groups along the innermost axis, one for each cell of a row, as {@code GROUP BY key_pos} makes them: where cells are counted and
 * summed, all or those that {@code weight > t} passes, a row is added as a whole by {@link dev.vitrine.sql.tensor.run.RowKernels}.
 */
final class RowGroups {
    /** Limits of the cells that count, {@code cell > bound} or {@code cell >= bound}. */
    private record Limit(int cell, RexNode bound, boolean strict) {}

    private RowGroups() {}

    /** The statement that adds the current row, where the outer keys' place is {@code outer}; null where cells must be walked. */
    static @Nullable String add(NestWriter writer, List<RexNode> keys, List<Accumulator> accumulators) {
        int cell = sum(writer, accumulators);
        if (cell < 0 || !alongRow(writer, keys) || !writer.operands().readsByRow(cell)) {
            return null;
        }
        Block block = writer.block(writer.levels.last() - 1);
        String kernel = "addGroups";
        String least = "";
        String unless = "";
        int inside = 0;
        for (RexNode filter : writer.pipeline.filters()) {
            if (Bound.of(filter, writer.nest(), writer.levels) == null
                    && writer.levels.of(filter) >= writer.levels.last()) {
                Limit limit = limit(writer, filter);
                if (limit == null || limit.cell != cell || inside++ > 0) {
                    return null;
                }
                Value bound = writer.java.value(limit.bound, block);
                String number =
                        writer.java.arithmetic().convert(bound, Kind.DOUBLE, 0).text();
                kernel = "addGroupsFrom";
                least = "Scalars." + (limit.strict ? "leastAbove" : "leastFrom") + "(" + number + "), ";
                unless = bound.nullable() ? "if (!" + bound.isNull() + ") " : "";
            }
        }
        int axis = writer.nest().lastAxis();
        int key = keys.size() - 1;
        writer.operands().cell(cell);
        return unless + RowSums.kernels(writer) + "." + kernel + "(w" + cell + ", hi" + axis + " - lo" + axis + ", "
                + least + "groups0.longs[0], groups0.doubles[1], outer + (int) (lo" + axis + " - b" + key + "));\n";
    }

    /** The operand whose cells are summed, where nothing else is asked for but how many they are; −1 elsewhere. */
    private static int sum(NestWriter writer, List<Accumulator> accumulators) {
        if (accumulators.size() != 2 || !accumulators.get(0).countsAllRows()) {
            return -1;
        }
        Accumulator sum = accumulators.get(1);
        boolean plain = sum.slot() == Slot.SUM_DOUBLE && sum.filter() == null && sum.function() == null;
        return plain ? Cell.operand(sum.arguments().get(0), writer.nest()) : -1;
    }

    /** Whether groups of neighbouring cells are neighbours: the last key is the innermost coordinate, the others are known outside. */
    private static boolean alongRow(NestWriter writer, List<RexNode> keys) {
        int last = writer.levels.last();
        Nest nest = writer.nest();
        boolean ends = !keys.isEmpty()
                && keys.get(keys.size() - 1) instanceof RexInputRef ref
                && nest.columns().get(ref.getIndex()).equals(new Nest.Coordinate(nest.lastAxis()));
        return ends
                && last == writer.levels.count() - 1
                && keys.subList(0, keys.size() - 1).stream()
                        .allMatch(key -> MayFail.never(key) && writer.levels.of(key) < last);
    }

    private static @Nullable Limit limit(NestWriter writer, RexNode filter) {
        if (!(filter instanceof RexCall call) || call.getOperands().size() != 2) {
            return null;
        }
        RexNode a = call.getOperands().get(0);
        RexNode b = call.getOperands().get(1);
        Limit limit = switch (call.getKind()) {
            case GREATER_THAN -> new Limit(Cell.operand(a, writer.nest()), b, true);
            case GREATER_THAN_OR_EQUAL -> new Limit(Cell.operand(a, writer.nest()), b, false);
            case LESS_THAN -> new Limit(Cell.operand(b, writer.nest()), a, true);
            case LESS_THAN_OR_EQUAL -> new Limit(Cell.operand(b, writer.nest()), a, false);
            default -> null;
        };
        boolean outside = limit != null
                && writer.levels.of(limit.bound) < writer.levels.last()
                && MayFail.never(limit.bound)
                && RexToJava.kindOf(limit.bound).numeric();
        return outside ? limit : null;
    }
}
