package dev.vitrine.sql.plan;

import java.lang.reflect.Method;
import java.util.Objects;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Sorts in place of Calcite's own operators, which turn every number into a BigDecimal, slowly, and fail on NaN (CALCITE-7359). */
final class TypedSort extends Sort implements EnumerableRel {
    private static final Method OF = Types.lookupMethod(RowOrder.class, "of", Enumerable.class, DataContext.class);

    private TypedSort(
            RelTraitSet traits,
            RelNode input,
            RelCollation collation,
            @Nullable RexNode offset,
            @Nullable RexNode fetch) {
        super(input.getCluster(), traits, input, collation, offset, fetch);
    }

    /** The same plan node, or a sort of ours where it is one of Calcite's; a limit above it becomes part of it. */
    static RelNode instead(RelNode node) {
        if (node instanceof EnumerableSort || node instanceof EnumerableLimitSort) {
            Sort sort = (Sort) node;
            return new TypedSort(sort.getTraitSet(), sort.getInput(), sort.getCollation(), sort.offset, sort.fetch);
        }
        if (node instanceof EnumerableLimit limit
                && limit.getInput() instanceof TypedSort sort
                && sort.offset == null
                && sort.fetch == null) {
            return new TypedSort(sort.getTraitSet(), sort.getInput(), sort.getCollation(), limit.offset, limit.fetch);
        }
        return node;
    }

    @Override
    public Sort copy(
            RelTraitSet traits,
            RelNode input,
            RelCollation collation,
            @Nullable RexNode offset,
            @Nullable RexNode fetch) {
        return new TypedSort(traits, input, collation, offset, fetch);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
        Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
        BlockBuilder code = new BlockBuilder();
        Expression rows = code.append("rows", input.block);
        if (input.format != JavaRowFormat.ARRAY && input.format != JavaRowFormat.SCALAR) {
            rows = code.append("arrays", input.physType.convertTo(rows, JavaRowFormat.ARRAY));
        }
        Expression order = Objects.requireNonNull(implementor.stash(new RowOrder(this), RowOrder.class));
        code.add(Expressions.return_(null, Expressions.call(order, OF, rows, DataContext.ROOT)));
        return implementor.result(
                PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY), code.toBlock());
    }
}
