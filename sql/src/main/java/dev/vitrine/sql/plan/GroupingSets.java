package dev.vitrine.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * GROUPING SETS, ROLLUP and CUBE as a UNION ALL of plain groupings, each of which can be fused. Calcite's own operator also leaves out
 * the total of no rows.
 */
final class GroupingSets {
    private GroupingSets() {}

    /** The plan with plain groupings only. */
    static RelNode split(RelNode plan) {
        List<RelNode> inputs =
                plan.getInputs().stream().map(GroupingSets::split).toList();
        RelNode node = inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs);
        if (!(node instanceof Aggregate aggregate) || aggregate.getGroupType() == Aggregate.Group.SIMPLE) {
            return node;
        }
        RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(aggregate.getCluster(), null);
        for (ImmutableBitSet set : aggregate.getGroupSets()) {
            builder.push(grouping(aggregate, set));
        }
        return builder.union(true, aggregate.getGroupSets().size()).build();
    }

    /** The groups of one set, with NULL for the keys that are not in it. */
    private static RelNode grouping(Aggregate aggregate, ImmutableBitSet set) {
        List<AggregateCall> calls = new ArrayList<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            if (!isGrouping(call)) {
                calls.add(of(call, aggregate.getInput(), set));
            }
        }
        RelNode groups =
                aggregate.copy(aggregate.getTraitSet(), aggregate.getInput(), set, ImmutableList.of(set), calls);
        RexBuilder builder = aggregate.getCluster().getRexBuilder();
        List<RexNode> columns = new ArrayList<>();
        for (int key : aggregate.getGroupSet()) {
            var type = aggregate.getRowType().getFieldList().get(columns.size()).getType();
            columns.add(
                    set.get(key)
                            ? builder.makeCast(type, builder.makeInputRef(groups, set.indexOf(key)), true, false)
                            : builder.makeNullLiteral(type));
        }
        int next = set.cardinality();
        for (AggregateCall call : aggregate.getAggCallList()) {
            columns.add(
                    isGrouping(call)
                            ? builder.makeLiteral(grouping(call, set), call.getType(), true)
                            : builder.makeCast(call.getType(), builder.makeInputRef(groups, next++), true, false));
        }
        RelBuilder output = RelFactories.LOGICAL_BUILDER.create(aggregate.getCluster(), null);
        return output.push(groups)
                .project(columns, aggregate.getRowType().getFieldNames(), true)
                .build();
    }

    /** The call as it is in a grouping of its own: without keys, a sum may be NULL that is not otherwise. */
    private static AggregateCall of(AggregateCall call, RelNode input, ImmutableBitSet set) {
        return AggregateCall.create(
                call.getAggregation(),
                call.isDistinct(),
                call.isApproximate(),
                call.ignoreNulls(),
                call.rexList,
                call.getArgList(),
                call.filterArg,
                call.distinctKeys,
                call.collation,
                set.isEmpty(),
                input,
                null,
                call.name);
    }

    private static boolean isGrouping(AggregateCall call) {
        return switch (call.getAggregation().getKind()) {
            case GROUPING, GROUPING_ID -> true;
            default -> false;
        };
    }

    /** A bit for each argument, 1 where it is not in the set; the first is the highest. */
    private static long grouping(AggregateCall call, ImmutableBitSet set) {
        long bits = 0;
        for (int key : call.getArgList()) {
            bits = bits << 1 | (set.get(key) ? 0 : 1);
        }
        return bits;
    }
}
