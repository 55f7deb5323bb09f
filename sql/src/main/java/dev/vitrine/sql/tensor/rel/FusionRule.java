package dev.vitrine.sql.tensor.rel;

import org.apache.calcite.rel.RelNode;
import org.jspecify.annotations.Nullable;

/** One way to make a tensor pipeline grow. */
interface FusionRule {
    /** What takes the place of the operator, whose inputs are fused already; null where the rule does not apply. */
    @Nullable
    RelNode apply(RelNode operator);
}
