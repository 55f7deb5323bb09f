package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.jspecify.annotations.Nullable;

/** Takes in an aggregation. */
final class TensorAggregate implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Aggregate aggregate)
                || aggregate.getGroupType() != Aggregate.Group.SIMPLE
                || !(aggregate.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
        Pipeline grown = tensor.pipeline()
                .withStage(new Pipeline.Grouping(aggregate.getGroupSet().asList(), aggregate.getAggCallList()));
        return Fusibility.obstacle(tensor, grown) == null ? tensor.with(grown, aggregate.getRowType()) : null;
    }
}
