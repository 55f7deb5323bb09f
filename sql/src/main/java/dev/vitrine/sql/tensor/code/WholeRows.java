package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.store.Statistic;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Tensor;
import dev.vitrine.sql.tensor.run.Slot;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of whole rows of attention that the store's statistics answer: MIN, MAX, SUM and COUNT. Where a row's are known it is not
 * read, and where its tile's are known and the tile is of one group, none of its rows is.
 *
 * @param tiles whether all that is asked for is the same along a tile
 */
record WholeRows(
        NestWriter writer, int cell, List<Accumulator> accumulators, Set<Statistic> statistics, boolean tiles) {
    /**
     * What the statistics answer; null where cells must be walked.
     *
     * @param keyLevel the innermost level at which a group's key is computed
     */
    static @Nullable WholeRows of(NestWriter writer, List<Accumulator> accumulators, int keyLevel) {
        Nest nest = writer.nest();
        int last = writer.levels.last();
        Nest.Operand operand = nest.operands().get(0);
        if (nest.operands().size() > 1
                || operand.tensor() != Tensor.ATTENTION
                || nest.lastAxis() != operand.cellAxis()
                || !writer.operands().readsByRow(0)
                || last < writer.levels.count() - 1) {
            return null;
        }
        int filterLevel = 0;
        for (RexNode filter : writer.pipeline.filters()) {
            Bound bound = Bound.of(filter, nest, writer.levels);
            // A bound on an axis is in force where the axis's loop begins.
            int level = bound == null ? writer.levels.of(filter) : writer.levels.ofAxis(bound.axis()) - 1;
            if (level >= last || (bound != null && bound.axis() == nest.lastAxis())) {
                return null;
            }
            filterLevel = Math.max(filterLevel, level);
        }
        Set<Statistic> statistics = EnumSet.noneOf(Statistic.class);
        for (Accumulator accumulator : accumulators) {
            if (!accumulator.countsAllRows()) {
                Statistic statistic = statistic(accumulator, nest);
                if (statistic == null) {
                    return null;
                }
                statistics.add(statistic);
            }
        }
        int rowLevel = last - 1;
        return statistics.isEmpty()
                ? null
                : new WholeRows(writer, 0, accumulators, statistics, Math.max(keyLevel, filterLevel) < rowLevel);
    }

    private static @Nullable Statistic statistic(Accumulator accumulator, Nest nest) {
        if (accumulator.filter() != null
                || accumulator.function() != null
                || accumulator.order() != null
                || accumulator.count()
                || Cell.operand(accumulator.arguments().get(0), nest) != 0) {
            return null;
        }
        Slot slot = accumulator.slot();
        return slot == Slot.MIN_DOUBLE
                ? Statistic.MIN
                : slot == Slot.MAX_DOUBLE ? Statistic.MAX : slot == Slot.SUM_DOUBLE ? Statistic.SUM : null;
    }

    /** Has rows read only where a statistic is not known; what stands for the loop over their cells where all are. */
    String insteadOfLoop() {
        StoredStatistics known = writer.statistics();
        String isKnown = known.readUnlessKnown(cell, statistics, tiles);
        StringBuilder text = new StringBuilder("if (" + isKnown + ") {\n");
        for (int i = 0; i < accumulators.size(); i++) {
            Statistic statistic = statistic(accumulators.get(i), writer.nest());
            String value = statistic == null ? known.cells(cell, tiles) : known.of(cell, statistic);
            text.append("p" + i + "_0 = " + value + ";\n");
        }
        return text.append("} else {\n").toString();
    }
}
