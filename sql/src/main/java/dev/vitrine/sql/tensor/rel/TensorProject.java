package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Takes in a projection. */
final class TensorProject implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Project project)
                || !(project.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
        List<RexNode> projects = project.getProjects().stream()
                .map(rex -> Composition.over(rex, tensor.pipeline().projects()))
                .toList();
        Pipeline grown = tensor.pipeline().withProjects(projects);
        return Fusibility.obstacle(tensor, grown) == null ? tensor.with(grown, project.getRowType()) : null;
    }
}
