package dev.vitrine.sql.plan;

import dev.vitrine.sql.table.BoundsRule;
import dev.vitrine.sql.table.ReadRule;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.JoinPushThroughJoinRule;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;

/** What takes Calcite's default rules: subqueries, and choosing among plans by cost. */
final class CostBased {
    private static final int REORDERED_JOINS = 2;

    private static final Program FLATTEN = Programs.sequence(
            Programs.subQuery(DefaultRelMetadataProvider.INSTANCE),
            Programs.decorrelate(),
            Programs.measure(DefaultRelMetadataProvider.INSTANCE));

    private static final Program CALC = Programs.calc(DefaultRelMetadataProvider.INSTANCE);

    private CostBased() {}

    /** The plan with joins in place of subqueries. */
    static RelNode flatten(VolcanoPlanner planner, RelNode rel) {
        return FLATTEN.run(planner, rel, rel.getTraitSet(), List.of(), List.of());
    }

    /** The cheapest plan found that can be run. */
    static RelNode cheapest(VolcanoPlanner planner, RelNode rel, RelTraitSet wanted) {
        RelOptUtil.registerDefaultRules(planner, false, false);
        // It merges by the comparator that TypedSort replaces.
        planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_UNION_RULE);
        if (joins(rel) > REORDERED_JOINS) {
            // The orders of many joins are too many to weigh: theirs stays as it was written.
            List.of(
                            CoreRules.JOIN_COMMUTE,
                            CoreRules.JOIN_ASSOCIATE,
                            JoinPushThroughJoinRule.LEFT,
                            JoinPushThroughJoinRule.RIGHT)
                    .forEach(planner::removeRule);
        }
        // It computes what a CASE guards, LN(weight) for one, for all rows and leaves rows out only then.
        planner.removeRule(CoreRules.AGGREGATE_CASE_TO_FILTER);
        planner.addRule(BoundsRule.INSTANCE);
        ReadRule.ALL.forEach(planner::addRule);
        planner.setRoot(rel);
        planner.setRoot(rel.getTraitSet().equals(wanted) ? rel : planner.changeTraits(rel, wanted));
        return CALC.run(planner, planner.findBestExp(), wanted, List.of(), List.of());
    }

    private static int joins(RelNode rel) {
        int joins = rel instanceof Join ? 1 : 0;
        for (RelNode input : rel.getInputs()) {
            joins += joins(input);
        }
        return joins;
    }
}
