package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.run.Slot;
import dev.vitrine.udfs.FunctionDescription;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * What a slot keeps of a group's rows.
 *
 * @param arguments rows where one is NULL are skipped; for a count its value does not matter otherwise
 * @param count whether rows are counted rather than an argument combined
 * @param filter rows where it is not true are skipped
 * @param function of the catalogue, whose state the slot holds
 * @param order where the slot holds the group's first rows: their order; arguments are its keys, then the row's columns
 */
record Accumulator(
        Slot slot,
        List<RexNode> arguments,
        boolean count,
        @Nullable RexNode filter,
        @Nullable FunctionDescription function,
        @Nullable RelCollation order) {

    /** Counts all rows of a group: the first slot of every grouping. */
    static final Accumulator ROWS = new Accumulator(Slot.SUM_LONG, List.of(), true, null, null, null);

    /** What keeps the first rows of a group. */
    static Accumulator top(Pipeline.TopOfGroups top, List<RexNode> projects) {
        List<RexNode> row = new ArrayList<>(TopSink.keys(top.collation(), projects));
        row.addAll(projects.subList(0, top.width()));
        return new Accumulator(Slot.OBJECT, row, false, null, null, top.collation());
    }

    /** Whether this counts every row. */
    boolean countsAllRows() {
        return count
                && filter == null
                && arguments.stream().noneMatch(rex -> rex.getType().isNullable());
    }
}
