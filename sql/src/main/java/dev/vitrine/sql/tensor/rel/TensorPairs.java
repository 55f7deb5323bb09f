package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes one nest of two tensors joined on coordinates: equal coordinates become one axis, the others stay axes of their own. Queries
 * joined with keys on run, prompt, layer and head are thus loops over pairs of positions.
 */
final class TensorPairs implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Join join)
                || join.getJoinType() != JoinRelType.INNER
                || !(join.getLeft() instanceof TensorRel left)
                || !(join.getRight() instanceof TensorRel right)
                || !left.pipeline().open()
                || !right.pipeline().open()
                || !right.pipeline().joins().isEmpty()) {
            return null;
        }
        Pipeline a = left.pipeline();
        Pipeline b = right.pipeline();
        JoinKeys split = JoinKeys.of(
                join.getCondition(),
                left.getRowType().getFieldCount(),
                join.getCluster().getRexBuilder());
        Map<Integer, Integer> shared = new HashMap<>();
        List<RexNode> others = new ArrayList<>(split.others());
        for (JoinKeys.Equal equal : split.equal()) {
            int axisA = axis(Composition.over(equal.left(), a.projects()), a.nest());
            int axisB = axis(Composition.over(equal.right(), b.projects()), b.nest());
            boolean same = axisA >= 0
                    && axisB >= 0
                    && a.nest().axes().get(axisA) == b.nest().axes().get(axisB);
            if (same && !shared.containsKey(axisB) && !shared.containsValue(axisA)) {
                shared.put(axisB, axisA);
            } else {
                others.add(equal.conjunct());
            }
        }
        if (!shared.containsKey(0) || !shared.containsKey(1)) {
            return null;
        }
        return fuse(join, left, right, shared, others);
    }

    private static int axis(RexNode rex, Nest nest) {
        return rex instanceof RexInputRef ref
                        && nest.columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate
                ? coordinate.axis()
                : -1;
    }

    private static @Nullable RelNode fuse(
            Join join, TensorRel left, TensorRel right, Map<Integer, Integer> shared, List<RexNode> others) {
        Pipeline a = left.pipeline();
        Pipeline b = right.pipeline();
        NestUnion union = NestUnion.of(a.nest(), b.nest(), shared);
        RelDataType rowType = join.getCluster()
                .getTypeFactory()
                .builder()
                .addAll(a.rowType().getFieldList())
                .addAll(b.rowType().getFieldList())
                .build();
        int shift = a.rowType().getFieldCount();
        List<RexNode> projects = new ArrayList<>(a.projects());
        b.projects().forEach(project -> projects.add(RexUtil.shift(project, shift)));
        List<RexNode> filters = new ArrayList<>(a.filters());
        b.filters().forEach(filter -> filters.add(RexUtil.shift(filter, shift)));
        for (RexNode other : others) {
            filters.addAll(RelOptUtil.conjunctions(Composition.over(other, projects)));
        }
        Pipeline grown = new Pipeline(union.nest(), rowType, a.joins(), filters, projects, a.stage());
        TensorRel fused = left.with(grown, join.getRowType());
        return Fusibility.obstacle(fused, grown) == null ? fused : null;
    }

    /**
     * Two nests as one.
     *
     * @param nest axes of the first, then those of the second that are not shared, sorted by kind; columns of the first, then the second
     */
    private record NestUnion(Nest nest) {
        static NestUnion of(Nest a, Nest b, Map<Integer, Integer> shared) {
            List<AxisKind> axes = new ArrayList<>();
            int[] ofA = new int[a.axes().size()];
            int[] ofB = new int[b.axes().size()];
            for (AxisKind kind : AxisKind.values()) {
                for (int axis = 0; axis < ofA.length; axis++) {
                    if (a.axes().get(axis) == kind) {
                        ofA[axis] = axes.size();
                        axes.add(kind);
                    }
                }
                for (int axis = 0; axis < ofB.length; axis++) {
                    if (b.axes().get(axis) == kind && !shared.containsKey(axis)) {
                        ofB[axis] = axes.size();
                        axes.add(kind);
                    }
                }
            }
            shared.forEach((axisB, axisA) -> ofB[axisB] = ofA[axisA]);
            List<Nest.Operand> operands = new ArrayList<>();
            a.operands().forEach(operand -> operands.add(moved(operand, ofA)));
            b.operands().forEach(operand -> operands.add(moved(operand, ofB)));
            List<Nest.Column> columns = new ArrayList<>();
            a.columns().forEach(column -> columns.add(moved(column, ofA, 0)));
            b.columns()
                    .forEach(column ->
                            columns.add(moved(column, ofB, a.operands().size())));
            return new NestUnion(new Nest(axes, operands, columns, a.dimensions()));
        }

        private static Nest.Operand moved(Nest.Operand operand, int[] axes) {
            return new Nest.Operand(
                    operand.tensor(),
                    operand.axes().stream().map(axis -> axes[axis]).toList());
        }

        private static Nest.Column moved(Nest.Column column, int[] axes, int operands) {
            if (column instanceof Nest.Coordinate coordinate) {
                return new Nest.Coordinate(axes[coordinate.axis()]);
            }
            if (column instanceof Nest.KvHead head) {
                return new Nest.KvHead(axes[head.axis()]);
            }
            if (column instanceof Nest.Payload payload) {
                return new Nest.Payload(payload.operand() + operands);
            }
            return column;
        }
    }
}
