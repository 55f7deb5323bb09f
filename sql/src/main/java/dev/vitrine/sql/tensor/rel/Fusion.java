package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.code.TensorProgram;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.jspecify.annotations.Nullable;

/**
 * Fuses operators over tensors, from the scans upwards. It runs once, before costs decide about the rest of a plan: a fused operator is
 * always the cheaper one, so there is nothing to weigh.
 */
public final class Fusion {
    private static final List<FusionRule> RULES = List.of(
            new TensorScan(),
            new TensorFilter(),
            new TensorProject(),
            new TensorAggregate(),
            new TensorCountDistinct(),
            new TensorTopN(),
            new TensorTopOfGroups(),
            new TensorPairs(),
            new TensorJoin());

    private Fusion() {}

    /** The plan with tensors fused; as it is where system property {@code vitrine.fusion} is {@code off}. */
    public static RelNode fuse(RelNode plan) {
        return System.getProperty("vitrine.fusion", "on").equals("off") ? plan : fused(plan);
    }

    /** What runs a fused operator whose tables are physical already; null where it is none. */
    public static @Nullable RelNode physical(RelNode rel, List<RelNode> tables) {
        return rel instanceof TensorRel tensor ? EnumerableTensor.of(tensor, tables) : null;
    }

    /** The loops of a physical plan that is nothing else; null where there is more to it. */
    public static @Nullable TensorProgram program(RelNode plan) {
        return plan instanceof EnumerableTensor tensor && tensor.getInputs().isEmpty() ? tensor.program() : null;
    }

    private static RelNode fused(RelNode plan) {
        List<RelNode> inputs = new ArrayList<>();
        boolean changed = false;
        for (RelNode input : plan.getInputs()) {
            RelNode fused = fused(input);
            changed |= fused != input;
            inputs.add(fused);
        }
        RelNode node = changed ? plan.copy(plan.getTraitSet(), inputs) : plan;
        for (FusionRule rule : RULES) {
            @Nullable RelNode fused = rule.apply(node);
            if (fused != null) {
                return fused;
            }
        }
        return Obstacle.note(node);
    }
}
