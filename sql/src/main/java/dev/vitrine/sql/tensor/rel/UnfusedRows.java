package dev.vitrine.sql.tensor.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableFilter;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.rel.RelNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the tensors of a finished plan whose rows go one by one into an operator that wants all of them: a join, an aggregation, a sort
 * or a window that could not be fused. Such rows cost a thousand times what a cell costs in a loop, so they are counted against a budget.
 */
public final class UnfusedRows {
    private static final Logger LOG = LoggerFactory.getLogger(UnfusedRows.class);
    private static final double MANY = 1e6;

    private UnfusedRows() {}

    /** The plan with those tensors marked; a tensor whose rows are the result is none of them. */
    public static RelNode mark(RelNode plan) {
        return mark(plan, "");
    }

    private static RelNode mark(RelNode node, String consumer) {
        if (node instanceof EnumerableTensor tensor && tensor.handsOutRows() && !consumer.isEmpty()) {
            double rows = tensor.estimateRowCount(tensor.getCluster().getMetadataQuery());
            if (rows > MANY) {
                LOG.warn("about {} rows of {} go one by one to {}", (long) rows, tensor.tables(), consumer);
            }
            return tensor.consumedBy(consumer);
        }
        boolean passes = node instanceof EnumerableCalc
                || node instanceof EnumerableProject
                || node instanceof EnumerableFilter
                || node instanceof EnumerableLimit;
        String next = passes ? consumer : node.getRelTypeName();
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : node.getInputs()) {
            inputs.add(mark(input, next));
        }
        return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
    }
}
