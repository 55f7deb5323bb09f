package dev.vitrine.sql.plan;

import dev.vitrine.sql.table.BoundsRule;
import dev.vitrine.sql.table.ReadRule;
import dev.vitrine.sql.tensor.rel.Fusion;
import dev.vitrine.sql.tensor.rel.UnfusedRows;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;

/** The order of optimization, and every rule that is not Calcite's default. */
final class Rules {
    /** Conditions go down to the tables before costs decide anything, so that pruning never depends on an estimate. */
    private static final List<RelOptRule> PUSH_DOWN = List.of(
            CoreRules.FILTER_MERGE,
            CoreRules.FILTER_INTO_JOIN,
            CoreRules.JOIN_CONDITION_PUSH,
            CoreRules.JOIN_PUSH_TRANSITIVE_PREDICATES,
            CoreRules.FILTER_PROJECT_TRANSPOSE,
            CoreRules.FILTER_AGGREGATE_TRANSPOSE,
            CoreRules.FILTER_SET_OP_TRANSPOSE,
            CoreRules.FILTER_CORRELATE);

    static final Program PROGRAM = Programs.sequence(
            Programs.subQuery(DefaultRelMetadataProvider.INSTANCE),
            Programs.decorrelate(),
            Programs.measure(DefaultRelMetadataProvider.INSTANCE),
            Programs.hep(PUSH_DOWN, true, DefaultRelMetadataProvider.INSTANCE),
            Programs.trim(),
            (planner, rel, traits, materializations, lattices) -> Fusion.fuse(rel),
            Programs.hep(List.of(BoundsRule.INSTANCE), true, DefaultRelMetadataProvider.INSTANCE),
            (planner, rel, traits, materializations, lattices) -> {
                planner.setRoot(rel);
                RelNode wanted = rel.getTraitSet().equals(traits) ? rel : planner.changeTraits(rel, traits);
                planner.setRoot(wanted);
                return planner.findBestExp();
            },
            Programs.calc(DefaultRelMetadataProvider.INSTANCE),
            (planner, rel, traits, materializations, lattices) -> UnfusedRows.mark(rel),
            (planner, rel, traits, materializations, lattices) ->
                    Checkpoint.insert(everywhere(everywhere(rel, TypedSort::instead), Extreme::instead)));

    private Rules() {}

    private static RelNode everywhere(RelNode plan, UnaryOperator<RelNode> instead) {
        List<RelNode> inputs = plan.getInputs().stream()
                .map(input -> everywhere(input, instead))
                .toList();
        return instead.apply(inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs));
    }

    static void register(RelOptPlanner planner) {
        // It merges by the comparator that TypedSort replaces.
        planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_UNION_RULE);
        planner.addRule(BoundsRule.INSTANCE);
        ReadRule.ALL.forEach(planner::addRule);
    }
}
