package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/** Takes in the conditions of a filter that loops can decide; the others stay above. */
final class TensorFilter implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Filter filter)
                || !(filter.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
        RexBuilder builder = filter.getCluster().getRexBuilder();
        RexNode condition = RexUtil.expandSearch(builder, null, filter.getCondition());
        List<RexNode> others = new ArrayList<>();
        TensorRel fused = tensor;
        for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
            RexNode inner = Composition.over(conjunct, tensor.pipeline().projects());
            Pipeline grown = fused.pipeline().withFilters(RelOptUtil.conjunctions(inner));
            if (Fusibility.obstacle(fused, grown) == null) {
                fused = fused.with(grown, fused.getRowType());
            } else {
                others.add(conjunct);
            }
        }
        if (fused.pipeline().filters().size() == tensor.pipeline().filters().size()) {
            return null;
        }
        return others.isEmpty()
                ? fused
                : Obstacle.note(LogicalFilter.create(fused, RexUtil.composeConjunction(builder, others)));
    }
}
