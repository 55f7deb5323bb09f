package dev.vitrine.sql.plan;

import dev.vitrine.sql.table.BoundsRule;
import dev.vitrine.sql.tensor.rel.Fusion;
import dev.vitrine.sql.tensor.rel.UnfusedRows;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptCostImpl;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterCorrelateRule;
import org.apache.calcite.rel.rules.FilterJoinRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.sql2rel.RelFieldTrimmer;

/**
 * The order of optimization. Calcite's lists of all its rules are kept out of here: to load them takes longer than to answer most
 * statements, so {@link CostBased} alone does, for plans that need it.
 */
final class Rules {
    /** Conditions go down to the tables before costs decide anything, so that pruning never depends on an estimate. */
    private static final HepProgram PUSH_DOWN = program(List.of(
            FilterMergeRule.Config.DEFAULT.toRule(),
            FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.DEFAULT.toRule(),
            FilterJoinRule.JoinConditionPushRule.JoinConditionPushRuleConfig.DEFAULT.toRule(),
            FilterProjectTransposeRule.Config.DEFAULT.toRule(),
            FilterAggregateTransposeRule.Config.DEFAULT.toRule(),
            FilterSetOpTransposeRule.Config.DEFAULT.toRule(),
            FilterCorrelateRule.Config.DEFAULT.toRule()));

    private static final HepProgram BOUNDS = program(List.of(BoundsRule.INSTANCE));

    private Rules() {}

    /** The plan that is to run. */
    static RelNode optimize(VolcanoPlanner planner, RelNode rel, RelTraitSet wanted) {
        RelNode flat = Nesting.of(rel) ? CostBased.flatten(planner, rel) : rel;
        RelNode fused = Fusion.fuse(GroupingSets.split(trim(pushDown(flat))));
        RelNode bounded = run(BOUNDS, fused);
        RelNode only = OnlyPlan.of(bounded);
        RelNode physical = UnfusedRows.mark(only != null ? only : CostBased.cheapest(planner, bounded, wanted));
        return Checkpoint.insert(everywhere(everywhere(physical, TypedSort::instead), Extreme::instead));
    }

    /** Twice, for what has come down to an inner join may say something of its other side. */
    private static RelNode pushDown(RelNode rel) {
        RelNode pushed = run(PUSH_DOWN, rel);
        for (int i = 0; i < 2; i++) {
            RelNode inferred = TransitiveConditions.infer(pushed);
            if (inferred.equals(pushed)) {
                return pushed;
            }
            pushed = run(PUSH_DOWN, inferred);
        }
        return pushed;
    }

    private static HepProgram program(List<RelOptRule> rules) {
        HepProgramBuilder builder = HepProgram.builder().addMatchOrder(HepMatchOrder.ARBITRARY);
        rules.forEach(builder::addRuleInstance);
        return builder.build();
    }

    private static RelNode run(HepProgram program, RelNode rel) {
        HepPlanner planner = new HepPlanner(program, null, true, null, RelOptCostImpl.FACTORY);
        planner.setRoot(rel);
        return planner.findBestExp();
    }

    private static RelNode trim(RelNode rel) {
        return new RelFieldTrimmer(null, RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null)).trim(rel);
    }

    private static RelNode everywhere(RelNode plan, UnaryOperator<RelNode> instead) {
        List<RelNode> inputs = plan.getInputs().stream()
                .map(input -> everywhere(input, instead))
                .toList();
        return instead.apply(inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs));
    }
}
