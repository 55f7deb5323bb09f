package dev.vitrine.sql.plan;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexUtil;

/** Whether a plan has subqueries, correlation or measures. */
final class Nesting {
    private Nesting() {}

    static boolean of(RelNode rel) {
        return isNested(rel) || rel.getInputs().stream().anyMatch(Nesting::of);
    }

    private static boolean isNested(RelNode rel) {
        return rel instanceof Correlate
                || !rel.getVariablesSet().isEmpty()
                || (rel instanceof Project project && RexUtil.SubQueryFinder.containsSubQuery(project))
                || (rel instanceof Filter filter && RexUtil.SubQueryFinder.containsSubQuery(filter))
                || (rel instanceof Join join && RexUtil.SubQueryFinder.containsSubQuery(join))
                || rel.getRowType().getFieldList().stream()
                        .anyMatch(field -> field.getType().isMeasure());
    }
}
