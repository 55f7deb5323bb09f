package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.code.TensorProgram;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/** Whether a pipeline can run as loops. */
final class Fusibility {
    private Fusibility() {}

    /** Why the pipeline cannot be loops; null where it can. */
    static @Nullable String obstacle(TensorRel rel, Pipeline pipeline) {
        for (RexNode project : pipeline.projects()) {
            if (!RexUtil.isDeterministic(project) || RexOver.containsOver(project)) {
                return project + " depends on more than its row";
            }
        }
        for (RexNode filter : pipeline.filters()) {
            if (!RexUtil.isDeterministic(filter)) {
                return filter + " depends on more than its row";
            }
        }
        return TensorProgram.obstacle(pipeline, rel.getCluster().getRexBuilder());
    }
}
