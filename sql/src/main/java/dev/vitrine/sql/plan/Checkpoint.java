package dev.vitrine.sql.plan;

import dev.vitrine.sql.query.Query;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.TableFunctionScan;

/**
 * Looks at the deadline for every row that passes. Tables do so themselves; this stands on both sides of what can make many rows of few:
 * joins and table functions. Public because generated code calls it.
 */
public final class Checkpoint extends SingleRel implements EnumerableRel {
    private static final Method WATCH =
            Types.lookupMethod(Checkpoint.class, "watch", Enumerable.class, DataContext.class);

    private Checkpoint(RelNode input) {
        super(input.getCluster(), input.getTraitSet(), input);
    }

    /** A finished plan with checkpoints. */
    static RelNode insert(RelNode plan) {
        List<RelNode> inputs = new ArrayList<>();
        boolean multiplies = plan instanceof Join || plan instanceof Correlate;
        for (RelNode input : plan.getInputs()) {
            RelNode inner = insert(input);
            inputs.add(multiplies && !(inner instanceof Checkpoint) ? new Checkpoint(inner) : inner);
        }
        RelNode copy = inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs);
        return multiplies || plan instanceof TableFunctionScan ? new Checkpoint(copy) : copy;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new Checkpoint(inputs.get(0));
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
        Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), preference);
        BlockBuilder code = new BlockBuilder();
        Expression rows = code.append("rows", input.block);
        code.add(Expressions.return_(null, Expressions.call(WATCH, rows, DataContext.ROOT)));
        return implementor.result(input.physType, code.toBlock());
    }

    /** The same rows, until the query has to end. */
    public static <T> Enumerable<T> watch(Enumerable<T> rows, DataContext root) {
        Query query = Query.of(root);
        return rows.where(row -> {
            query.checkActive();
            return true;
        });
    }
}
