package dev.vitrine.sql.tensor.rel;

import com.google.common.collect.ImmutableList;
import dev.vitrine.sql.tensor.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * COUNT(DISTINCT x) and extremes of text, alone or beside other aggregates: groups by x as well, in the loops, and puts those groups
 * together above them. Where x is made of coordinates the finer groups are places in arrays.
 */
final class TensorCountDistinct implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Aggregate aggregate)
                || aggregate.getGroupType() != Aggregate.Group.SIMPLE
                || !(aggregate.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
        Set<Integer> finer = new LinkedHashSet<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            if (isAbove(call)) {
                finer.addAll(call.getArgList());
            } else if (call.isDistinct() || !splits(call.getAggregation().getKind())) {
                return null;
            }
        }
        return finer.isEmpty() ? null : fuse(aggregate, tensor, finer);
    }

    /** Whether a call is computed of the finer groups' keys. */
    private static boolean isAbove(AggregateCall call) {
        SqlKind kind = call.getAggregation().getKind();
        boolean text = (kind == SqlKind.MIN || kind == SqlKind.MAX) && Kind.of(call.getType()) == Kind.STRING;
        boolean distinct =
                call.isDistinct() && kind == SqlKind.COUNT && call.getArgList().size() == 1;
        return (text || distinct) && call.filterArg < 0;
    }

    private static boolean splits(SqlKind kind) {
        return switch (kind) {
            case COUNT, SUM, SUM0, MIN, MAX, AVG -> true;
            default -> false;
        };
    }

    private static @Nullable RelNode fuse(Aggregate aggregate, TensorRel tensor, Set<Integer> finer) {
        RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(aggregate.getCluster(), null);
        ImmutableBitSet keys = aggregate.getGroupSet();
        ImmutableBitSet inner = keys.union(ImmutableBitSet.of(finer));
        builder.push(tensor);
        List<RelBuilder.AggCall> parts = new ArrayList<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            if (!isAbove(call)) {
                boolean average = call.getAggregation().getKind() == SqlKind.AVG;
                parts.add(part(
                        builder,
                        call,
                        average ? SqlKind.SUM : call.getAggregation().getKind()));
                if (average) {
                    parts.add(part(builder, call, SqlKind.COUNT));
                }
            }
        }
        builder.aggregate(builder.groupKey(inner), parts);
        RelNode fine = Fusion.fuse(builder.build());
        if (!(fine instanceof TensorRel)) {
            return null;
        }
        builder.push(fine);
        List<RexNode> groups = new ArrayList<>();
        keys.forEach(key -> groups.add(builder.field(inner.indexOf(key))));
        List<RelBuilder.AggCall> wholes = new ArrayList<>();
        int at = inner.cardinality();
        for (AggregateCall call : aggregate.getAggCallList()) {
            SqlKind kind = call.getAggregation().getKind();
            if (isAbove(call)) {
                RexNode value = builder.field(inner.indexOf(call.getArgList().get(0)));
                wholes.add(
                        kind == SqlKind.COUNT
                                ? builder.count(finer.size() > 1, null, value)
                                : kind == SqlKind.MIN ? builder.min(value) : builder.max(value));
                continue;
            }
            RexNode part = builder.field(at++);
            switch (kind) {
                case MIN -> wholes.add(builder.min(part));
                case MAX -> wholes.add(builder.max(part));
                case COUNT, SUM0 -> wholes.add(builder.aggregateCall(SqlStdOperatorTable.SUM0, part));
                default -> wholes.add(builder.sum(part));
            }
            if (kind == SqlKind.AVG) {
                wholes.add(builder.aggregateCall(SqlStdOperatorTable.SUM0, builder.field(at++)));
            }
        }
        builder.aggregate(builder.groupKey(ImmutableList.copyOf(groups)), wholes);
        return output(builder, aggregate);
    }

    private static RelBuilder.AggCall part(RelBuilder builder, AggregateCall call, SqlKind kind) {
        List<RexNode> arguments =
                call.getArgList().stream().<RexNode>map(builder::field).toList();
        RelBuilder.AggCall part = switch (kind) {
            case COUNT -> builder.aggregateCall(SqlStdOperatorTable.COUNT, arguments);
            case SUM -> builder.aggregateCall(SqlStdOperatorTable.SUM, arguments);
            case SUM0 -> builder.aggregateCall(SqlStdOperatorTable.SUM0, arguments);
            case MIN -> builder.aggregateCall(SqlStdOperatorTable.MIN, arguments);
            default -> builder.aggregateCall(SqlStdOperatorTable.MAX, arguments);
        };
        return call.filterArg < 0 ? part : part.filter(builder.field(call.filterArg));
    }

    private static RelNode output(RelBuilder builder, Aggregate aggregate) {
        List<RexNode> columns = new ArrayList<>();
        int at = aggregate.getGroupCount();
        for (int key = 0; key < at; key++) {
            columns.add(builder.field(key));
        }
        for (AggregateCall call : aggregate.getAggCallList()) {
            RexNode column = builder.field(at++);
            if (call.getAggregation().getKind() == SqlKind.AVG) {
                RexNode count = builder.field(at++);
                RexNode sum = builder.getRexBuilder().makeCast(call.getType(), column);
                column = builder.call(SqlStdOperatorTable.DIVIDE, sum, count);
            }
            columns.add(builder.getRexBuilder().makeCast(call.getType(), column, true, false));
        }
        return builder.project(columns, aggregate.getRowType().getFieldNames(), true)
                .build();
    }
}
