package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Takes in ORDER BY with a LIMIT that is known and not huge. */
final class TensorTopN implements FusionRule {
    private static final long MOST_ROWS = 100_000;

    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Sort sort)
                || sort.getCollation().getFieldCollations().isEmpty()
                || !(sort.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
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
