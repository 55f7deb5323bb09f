package dev.vitrine.sql.plan;

import dev.vitrine.sql.table.ReadRule;
import dev.vitrine.sql.table.StoreScan;
import dev.vitrine.sql.tensor.rel.Fusion;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.EnumerableValues;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexProgramBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The physical plan where there is only one: operators one above the other over a fused tensor, a table or values. Costs have nothing
 * to decide there, and to ask them takes longer than everything else.
 */
final class OnlyPlan {
    private OnlyPlan() {}

    /** The physical plan; null where there is a choice. */
    static @Nullable RelNode of(RelNode rel) {
        if (rel instanceof StoreScan scan) {
            return ReadRule.read(scan);
        }
        if (rel instanceof LogicalValues values) {
            return EnumerableValues.create(values.getCluster(), values.getRowType(), values.getTuples());
        }
        if (rel instanceof LogicalProject project && !project.containsOver()) {
            return project(project);
        }
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : rel.getInputs()) {
            RelNode physical = of(input);
            if (physical == null) {
                return null;
            }
            inputs.add(physical);
        }
        if (rel instanceof LogicalFilter filter) {
            RelNode input = inputs.get(0);
            if (readsTable(filter.getInput())) {
                return null;
            }
            RexProgramBuilder program = new RexProgramBuilder(
                    input.getRowType(), filter.getCluster().getRexBuilder());
            program.addIdentity();
            program.addCondition(filter.getCondition());
            return calc(input, program.getProgram());
        }
        if (rel instanceof LogicalSort sort) {
            RelNode sorted = sort.getCollation().getFieldCollations().isEmpty()
                    ? inputs.get(0)
                    : EnumerableSort.create(inputs.get(0), sort.getCollation(), null, null);
            boolean limited = sort.offset != null || sort.fetch != null;
            return limited ? EnumerableLimit.create(sorted, sort.offset, sort.fetch) : sorted;
        }
        return Fusion.physical(rel, inputs);
    }

    /** Whether conditions above it may yet become bounds of the read. */
    private static boolean readsTable(RelNode rel) {
        return rel instanceof StoreScan || (rel instanceof LogicalProject && rel.getInput(0) instanceof StoreScan);
    }

    private static @Nullable RelNode project(LogicalProject project) {
        if (project.getInput() instanceof StoreScan scan) {
            RelNode read = ReadRule.read(project, scan);
            return read instanceof Project computed ? project(computed, computed.getInput()) : read;
        }
        RelNode input = of(project.getInput());
        return input == null ? null : project(project, input);
    }

    private static RelNode project(Project project, RelNode input) {
        RexProgram program = RexProgram.create(
                input.getRowType(),
                project.getProjects(),
                null,
                project.getRowType(),
                project.getCluster().getRexBuilder());
        return calc(input, program);
    }

    /** The program over that input; one program with the input's where that is a calculation too. */
    private static RelNode calc(RelNode input, RexProgram program) {
        if (input instanceof Calc below && !below.getProgram().containsAggs()) {
            RexProgram merged = RexProgramBuilder.mergePrograms(
                    program, below.getProgram(), input.getCluster().getRexBuilder());
            return EnumerableCalc.create(below.getInput(), merged);
        }
        return EnumerableCalc.create(input, program);
    }
}
