package dev.vitrine.sql.table;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;

/** Turns a scan into a read of the columns that the projection or aggregation above it uses. */
public final class ReadRule extends RelRule<RuleConfig> {
    /** For scans with a projection above and without. */
    public static final List<RelOptRule> ALL = List.of(
            new RuleConfig("Read", scan -> scan.operand(StoreScan.class).noInputs(), ReadRule::new).toRule(),
            new RuleConfig(
                            "ReadColumns",
                            project -> project.operand(LogicalProject.class)
                                    .predicate(each -> !each.containsOver())
                                    .oneInput(scan ->
                                            scan.operand(StoreScan.class).noInputs()),
                            ReadRule::new)
                    .toRule(),
            new RuleConfig(
                            "ReadAggregated",
                            aggregate -> aggregate
                                    .operand(LogicalAggregate.class)
                                    .oneInput(scan ->
                                            scan.operand(StoreScan.class).noInputs()),
                            ReadRule::new)
                    .toRule());

    private ReadRule(RuleConfig config) {
        super(config);
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        if (call.rel(0) instanceof StoreScan scan) {
            call.transformTo(read(scan));
            return;
        }
        StoreScan scan = call.rel(1);
        if (call.rel(0) instanceof Aggregate aggregate) {
            narrow(call, aggregate, scan);
            return;
        }
        call.transformTo(read((Project) call.rel(0), scan));
    }

    /** A read of all columns. */
    public static RelNode read(StoreScan scan) {
        return new TableRead(scan, scan.identity());
    }

    /** A read of the columns that a projection uses, with what it computes of them. */
    public static RelNode read(Project project, StoreScan scan) {
        List<RexNode> expressions = project.getProjects();
        if (expressions.stream().allMatch(RexInputRef.class::isInstance) && !expressions.isEmpty()) {
            List<Integer> columns = expressions.stream()
                    .map(expression -> ((RexInputRef) expression).getIndex())
                    .toList();
            return new TableRead(scan, ImmutableIntList.copyOf(columns));
        }
        ImmutableBitSet found = RelOptUtil.InputFinder.bits(expressions, null);
        ImmutableBitSet used = found.isEmpty() ? ImmutableBitSet.of(0) : found;
        RelNode read = new TableRead(scan, ImmutableIntList.copyOf(used.asList()));
        List<RexNode> shifted = new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef field) {
                return new RexInputRef(used.indexOf(field.getIndex()), field.getType());
            }
        }.visitList(expressions);
        return EnumerableProject.create(read, shifted, project.getRowType());
    }

    /** An aggregation has a projection below it unless it uses all columns or, counting rows, none. */
    private static void narrow(RelOptRuleCall call, Aggregate aggregate, StoreScan scan) {
        if (aggregate.getGroupSet().isEmpty()
                && aggregate.getAggCallList().stream()
                        .allMatch(each -> each.getArgList().isEmpty() && each.filterArg < 0)) {
            RelBuilder builder = call.builder().push(scan);
            RelNode narrow = builder.project(builder.field(0)).build();
            call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(narrow)));
        }
    }
}
