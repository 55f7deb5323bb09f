package dev.vitrine.sql.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Moves conditions on coordinates into the scan below; what is left stays in the filter. */
public final class BoundsRule extends RelRule<RuleConfig> {
    /** The rule. */
    public static final RelOptRule INSTANCE = new RuleConfig(
                    "Bounds",
                    filter -> filter.operand(LogicalFilter.class)
                            .oneInput(scan -> scan.operand(StoreScan.class).noInputs()),
                    BoundsRule::new)
            .toRule();

    private BoundsRule(RuleConfig config) {
        super(config);
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        StoreScan scan = call.rel(1);
        List<Bound> bounds = new ArrayList<>();
        List<RexNode> rest = new ArrayList<>();
        for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
            Bound bound = Bound.of(condition, scan.storeTable());
            if (bound == null) {
                rest.add(condition);
            } else {
                bounds.add(bound);
            }
        }
        if (!bounds.isEmpty()) {
            RelNode bounded = scan.with(bounds);
            call.transformTo(
                    rest.isEmpty()
                            ? bounded
                            : LogicalFilter.create(
                                    bounded,
                                    RexUtil.composeConjunction(
                                            filter.getCluster().getRexBuilder(), rest)));
        }
    }
}
