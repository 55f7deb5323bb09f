package dev.vitrine.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;

/**
 * Conditions on one side of a join that follow from its keys and conditions on the other side. Each join is looked at once: Calcite's
 * own rule, JOIN_PUSH_TRANSITIVE_PREDICATES, finds ever new ones for some joins and never ends.
 */
final class TransitiveConditions {
    private TransitiveConditions() {}

    /** The plan with those conditions as filters on the joins' inputs. */
    static RelNode infer(RelNode plan) {
        RelNode simple = simplified(plan);
        simple.getCluster().invalidateMetadataQuery();
        return inferred(simple);
    }

    private static RelNode simplified(RelNode plan) {
        List<RelNode> inputs =
                plan.getInputs().stream().map(TransitiveConditions::simplified).toList();
        RelNode node = inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs);
        if (node instanceof Join join) {
            RexNode condition = withoutNullComparisons(join, join.getCondition());
            return condition.equals(join.getCondition())
                    ? join
                    : join.copy(
                            join.getTraitSet(),
                            simplify(join).simplifyUnknownAsFalse(condition),
                            join.getLeft(),
                            join.getRight(),
                            join.getJoinType(),
                            join.isSemiJoinDone());
        }
        if (!(node instanceof Filter filter) || filter.containsOver()) {
            return node;
        }
        RexNode condition =
                simplify(filter).simplifyUnknownAsFalse(withoutNullComparisons(filter, filter.getCondition()));
        return condition.equals(filter.getCondition())
                ? node
                : RelFactories.LOGICAL_BUILDER
                        .create(filter.getCluster(), null)
                        .push(filter.getInput())
                        .filter(condition)
                        .build();
    }

    private static RexNode withoutNullComparisons(RelNode node, RexNode condition) {
        return condition.accept(new NullComparisons(node.getCluster().getRexBuilder(), simplify(node)));
    }

    private static RexSimplify simplify(RelNode node) {
        return new RexSimplify(node.getCluster().getRexBuilder(), RelOptPredicateList.EMPTY, RexUtil.EXECUTOR);
    }

    private static RelNode inferred(RelNode plan) {
        RelNode node = plan instanceof Join join ? join(join) : plan;
        List<RelNode> inputs =
                node.getInputs().stream().map(TransitiveConditions::inferred).toList();
        return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
    }

    private static RelNode join(Join join) {
        RelOptPredicateList known = join.getCluster().getMetadataQuery().getPulledUpPredicates(join);
        if (known.leftInferredPredicates.isEmpty() && known.rightInferredPredicates.isEmpty()) {
            return join;
        }
        RelNode left = filtered(join.getLeft(), known.leftInferredPredicates);
        RelNode right = filtered(join.getRight(), known.rightInferredPredicates);
        return join.copy(
                join.getTraitSet(), join.getCondition(), left, right, join.getJoinType(), join.isSemiJoinDone());
    }

    private static RelNode filtered(RelNode input, List<RexNode> conditions) {
        RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(input.getCluster(), null);
        return builder.push(input).filter(conditions).build();
    }
}
