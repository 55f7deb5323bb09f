package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Takes in ORDER BY with a LIMIT that is known and not huge. */
final class TensorTopN implements FusionRule {
    static final long MOST_ROWS = 100_000;

    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Sort sort)
                || sort.getCollation().getFieldCollations().isEmpty()) {
            return null;
        }
        if (sort.getInput() instanceof Project project && project.getInput() instanceof TensorRel) {
            return below(sort, project);
        }
        return sort.getInput() instanceof TensorRel tensor && tensor.pipeline().open() ? top(sort, tensor) : null;
    }

    /** The first rows, and what could not be fused computed of them alone. */
    private @Nullable RelNode below(Sort sort, Project project) {
        List<RelFieldCollation> keys = new ArrayList<>();
        for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
            if (!(project.getProjects().get(key.getFieldIndex()) instanceof RexInputRef column)) {
                return null;
            }
            keys.add(key.withFieldIndex(column.getIndex()));
        }
        Sort first = LogicalSort.create(project.getInput(), RelCollations.of(keys), sort.offset, sort.fetch);
        RelNode fused = apply(first);
        return fused == null ? null : project.copy(project.getTraitSet(), List.of(fused));
    }

    private static @Nullable RelNode top(Sort sort, TensorRel tensor) {
        long offset = sort.offset == null ? 0 : constant(sort.offset);
        long fetch = sort.fetch == null ? -1 : constant(sort.fetch);
        if (offset < 0 || fetch < 0 || offset + fetch > MOST_ROWS) {
            return null;
        }
        Pipeline grown = tensor.pipeline().withStage(new Pipeline.Top(sort.getCollation(), (int) offset, (int) fetch));
        return Fusibility.obstacle(tensor, grown) == null ? tensor.with(grown, sort.getRowType()) : null;
    }

    private static long constant(RexNode rex) {
        return rex instanceof RexLiteral literal ? RexLiteral.intValue(literal) : -1;
    }
}
