package dev.vitrine.sql.tensor.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableFilter;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.adapter.enumerable.EnumerableUnion;
import org.apache.calcite.rel.RelNode;

/**
 * Finds the tensors of a finished plan whose rows go one by one into an operator that wants all of them: a join, an aggregation, a sort
 * or a window that could not be fused. Such rows cost a thousand times what a cell costs in a loop, so they are counted against a budget.
 */
public final class UnfusedRows {
    private static final double MANY = 1e6;

    private UnfusedRows() {}

    /** The plan with those tensors marked; a tensor whose rows are the result is none of them. */
    public static RelNode mark(RelNode plan) {
        return mark(plan, "");
    }

    /** A warning for each tensor of the marked plan of which many rows are expected to go that way. */
    public static List<String> warnings(RelNode plan) {
        List<String> warnings = new ArrayList<>();
        collect(plan, warnings);
        return warnings;
    }

    private static void collect(RelNode node, List<String> warnings) {
        if (node instanceof EnumerableTensor tensor && !tensor.unfused().isEmpty()) {
            double rows = tensor.estimateRowCount(tensor.getCluster().getMetadataQuery());
            if (rows > MANY) {
                warnings.add(String.format(Locale.ROOT, "about %,.0f %s; this is slow", rows, tensor.unfused()));
            }
        }
        node.getInputs().forEach(input -> collect(input, warnings));
    }

    private static RelNode mark(RelNode node, String consumer) {
        if (node instanceof EnumerableTensor tensor && tensor.handsOutRows() && !consumer.isEmpty()) {
            return tensor.consumedBy(consumer);
        }
        boolean passes = node instanceof EnumerableCalc
                || node instanceof EnumerableProject
                || node instanceof EnumerableFilter
                || node instanceof EnumerableLimit
                || (node instanceof EnumerableUnion union && union.all);
        String next = passes ? consumer : node.getRelTypeName();
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : node.getInputs()) {
            inputs.add(mark(input, next));
        }
        return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
    }
}
