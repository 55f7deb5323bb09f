package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a join with a small table: its rows are looked up by coordinates inside the loops, so that conditions, groups and top rows
 * above the join can be fused too. Serves tokens, prompts, labels, heads, runs, workspace tables, scalar subqueries and semi-joins.
 */
final class TensorJoin implements FusionRule {
    private static final double MOST_ROWS = 4e6;
    private static final double MOST_ROWS_WITHOUT_KEY = 1e4;

    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Join join)) {
            return null;
        }
        if (join.getLeft() instanceof TensorRel tensor && tensor.pipeline().open() && !open(join.getRight())) {
            return fuse(join, tensor, join.getRight(), join.getCondition(), join.getJoinType(), false);
        }
        if (join.getRight() instanceof TensorRel tensor && tensor.pipeline().open() && !open(join.getLeft())) {
            JoinRelType type = join.getJoinType() == JoinRelType.RIGHT ? JoinRelType.LEFT : join.getJoinType();
            if (type == join.getJoinType() && type != JoinRelType.INNER) {
                return null;
            }
            int left = join.getLeft().getRowType().getFieldCount();
            int right = join.getRight().getRowType().getFieldCount();
            RexNode swapped = join.getCondition().accept(new org.apache.calcite.rex.RexShuttle() {
                @Override
                public RexNode visitInputRef(RexInputRef ref) {
                    int index = ref.getIndex() < left ? ref.getIndex() + right : ref.getIndex() - left;
                    return new RexInputRef(index, ref.getType());
                }
            });
            return fuse(join, tensor, join.getLeft(), swapped, type, true);
        }
        return null;
    }

    private static boolean open(RelNode rel) {
        return rel instanceof TensorRel tensor && tensor.pipeline().open();
    }

    /** @param condition over the tensor's columns, then the table's */
    private static @Nullable RelNode fuse(
            Join join, TensorRel tensor, RelNode table, RexNode condition, JoinRelType type, boolean tableFirst) {
        if (type == JoinRelType.RIGHT || type == JoinRelType.FULL) {
            return null;
        }
        RexBuilder builder = join.getCluster().getRexBuilder();
        Pipeline pipeline = tensor.pipeline();
        int width = tensor.getRowType().getFieldCount();
        JoinKeys split = JoinKeys.of(condition, width, builder);
        List<RexNode> keys = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<RexNode> others = new ArrayList<>(split.others());
        for (JoinKeys.Equal equal : split.equal()) {
            RexNode key = Composition.over(equal.left(), pipeline.projects());
            if (equal.right() instanceof RexInputRef column && comparable(key, column, pipeline.nest())) {
                keys.add(key);
                columns.add(column.getIndex());
            } else {
                others.add(equal.conjunct());
            }
        }
        boolean inner = type == JoinRelType.INNER;
        boolean trivial = others.stream().allMatch(RexNode::isAlwaysTrue);
        double rows = join.getCluster().getMetadataQuery().getRowCount(table);
        if ((!inner && !trivial) || rows > (keys.isEmpty() ? MOST_ROWS_WITHOUT_KEY : MOST_ROWS)) {
            return null;
        }
        boolean projects = type.projectsRight();
        Pipeline joined = joined(pipeline, table.getRowType(), keys, columns, type, builder.getTypeFactory());
        List<RexNode> added =
                projects ? joined.projects().subList(width, joined.projects().size()) : List.of();
        List<RexNode> output = new ArrayList<>(tableFirst ? added : pipeline.projects());
        output.addAll(tableFirst ? pipeline.projects() : added);
        List<RelNode> tables = new ArrayList<>(tensor.getInputs());
        tables.add(table);
        List<RexNode> filters = new ArrayList<>();
        for (RexNode other : others) {
            filters.addAll(RelOptUtil.conjunctions(Composition.over(other, joined.projects())));
        }
        Pipeline grown = joined.withProjects(output);
        TensorRel fused = tensor.with(grown, join.getRowType(), tables);
        if (Fusibility.obstacle(fused, grown) != null) {
            return null;
        }
        Pipeline filtered = grown.withFilters(filters);
        if (Fusibility.obstacle(fused, filtered) == null) {
            return tensor.with(filtered, join.getRowType(), tables);
        }
        return LogicalFilter.create(fused, join.getCondition());
    }

    private static Pipeline joined(
            Pipeline pipeline,
            RelDataType table,
            List<RexNode> keys,
            List<Integer> columns,
            JoinRelType type,
            RelDataTypeFactory types) {
        boolean projects = type.projectsRight();
        Nest nest = pipeline.nest().withDimension(projects ? table.getFieldCount() : 0);
        RelDataTypeFactory.Builder row =
                types.builder().addAll(pipeline.rowType().getFieldList());
        List<RexNode> output = new ArrayList<>(pipeline.projects());
        if (projects) {
            int at = pipeline.rowType().getFieldCount();
            for (RelDataTypeField field : table.getFieldList()) {
                RelDataType column = type == JoinRelType.LEFT
                        ? types.createTypeWithNullability(field.getType(), true)
                        : field.getType();
                row.add(field.getName(), column);
                output.add(new RexInputRef(at++, column));
            }
        }
        List<Pipeline.DimensionJoin> joins = new ArrayList<>(pipeline.joins());
        joins.add(new Pipeline.DimensionJoin(keys, columns, type, table));
        return new Pipeline(nest, row.build(), joins, pipeline.filters(), output, pipeline.stage());
    }

    /** Whether a key can be looked up: a named coordinate among names, an integer among integers. */
    private static boolean comparable(RexNode key, RexInputRef column, Nest nest) {
        Kind kind = Kind.of(column.getType());
        if (key instanceof RexInputRef ref
                && nest.columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate
                && nest.axes().get(coordinate.axis()).named()) {
            return kind == Kind.STRING;
        }
        return Kind.of(key.getType()).integral() && kind.integral() && RexUtil.isDeterministic(key);
    }
}
