package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Why an operator was not taken in by the pipeline below it: the reason in EXPLAIN, in warnings and in the error of the row budget. */
final class Obstacle {
    private Obstacle() {}

    /** The operator with the reason noted in the pipelines that it is put on. */
    static RelNode note(RelNode operator) {
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : operator.getInputs()) {
            boolean stops =
                    input instanceof TensorRel tensor && tensor.pipeline().open();
            inputs.add(stops ? ((TensorRel) input).because(of(operator, (TensorRel) input)) : input);
        }
        return inputs.equals(operator.getInputs()) ? operator : operator.copy(operator.getTraitSet(), inputs);
    }

    private static String of(RelNode operator, TensorRel tensor) {
        String reason = reason(operator, tensor);
        return reason == null ? "" : reason;
    }

    private static @Nullable String reason(RelNode operator, TensorRel tensor) {
        Pipeline pipeline = tensor.pipeline();
        if (operator instanceof Aggregate aggregate) {
            return Fusibility.obstacle(
                    tensor,
                    pipeline.withStage(
                            new Pipeline.Grouping(aggregate.getGroupSet().asList(), aggregate.getAggCallList())));
        }
        if (operator instanceof Project project) {
            return Fusibility.obstacle(
                    tensor,
                    pipeline.withProjects(project.getProjects().stream()
                            .map(rex -> Composition.over(rex, pipeline.projects()))
                            .toList()));
        }
        if (operator instanceof Filter filter) {
            RexNode condition = Composition.over(filter.getCondition(), pipeline.projects());
            return Fusibility.obstacle(tensor, pipeline.withFilters(RelOptUtil.conjunctions(condition)));
        }
        if (operator instanceof Sort sort) {
            return sort.fetch == null
                    ? "ORDER BY has no LIMIT"
                    : "the LIMIT is not a number known beforehand and of at most " + TensorTopN.MOST_ROWS;
        }
        if (operator instanceof Join join) {
            return "a " + join.getJoinType() + " join ON " + join.getCondition()
                    + " is not one with a small table or on equal run, prompt and other coordinates";
        }
        return operator.getRelTypeName() + " is not fused";
    }
}
