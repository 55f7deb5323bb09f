package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the first rows of each group: {@code WHERE n <= 5} over {@code ROW_NUMBER() OVER (PARTITION BY … ORDER BY …) AS n}, or the
 * same with QUALIFY. The condition stays above for what else it says; few rows are left then.
 */
final class TensorTopOfGroups implements FusionRule {
    private static final int MOST_ROWS = 10_000;

    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof Filter filter)
                || !(filter.getInput() instanceof Project project)
                || !(project.getInput() instanceof TensorRel tensor)
                || !tensor.pipeline().open()) {
            return null;
        }
        Set<RexOver> overs = overs(project.getProjects());
        if (overs.size() != 1) {
            return null;
        }
        RexOver over = overs.iterator().next();
        if (!project.getProjects().stream().allMatch(column -> isOneOf(column, over))) {
            return null;
        }
        int rows = rows(filter, project, over);
        boolean numbers = over.getAggOperator().getKind() == SqlKind.ROW_NUMBER
                && !over.getWindow().orderKeys.isEmpty();
        if (!numbers || rows < 0 || rows > MOST_ROWS) {
            return null;
        }
        RelNode numbered = fuse(project, tensor, over, rows);
        return numbered == null ? null : LogicalFilter.create(numbered, filter.getCondition());
    }

    /** Whether an expression has nothing to do with the number, or names nothing else. */
    private static boolean isOneOf(RexNode column, RexOver over) {
        return !RexOver.containsOver(column)
                || RelOptUtil.InputFinder.bits(replaced(column, over, new RexInputRef(0, over.getType())))
                                .cardinality()
                        <= 1;
    }

    private static Set<RexOver> overs(List<RexNode> projects) {
        Set<RexOver> overs = new LinkedHashSet<>();
        for (RexNode project : projects) {
            project.accept(new RexVisitorImpl<Void>(true) {
                @Override
                public Void visitOver(RexOver over) {
                    overs.add(over);
                    return super.visitOver(over);
                }
            });
        }
        return overs;
    }

    /** The largest number that passes the filter; −1 where none is known. */
    private static int rows(Filter filter, Project project, RexOver over) {
        RexBuilder builder = filter.getCluster().getRexBuilder();
        RexNode condition = Composition.over(filter.getCondition(), project.getProjects());
        int rows = -1;
        for (RexNode conjunct : RelOptUtil.conjunctions(RexUtil.expandSearch(builder, null, condition))) {
            int limit = limit(conjunct, over);
            rows = limit < 0 ? rows : rows < 0 ? limit : Math.min(rows, limit);
        }
        return rows;
    }

    /** The largest number for which a condition can hold; −1 where it sets none, or one far off. */
    private static int limit(RexNode condition, RexOver over) {
        if (!(condition instanceof RexCall call) || call.getOperands().size() != 2) {
            return -1;
        }
        boolean mirrored = call.getOperands().get(0) instanceof RexLiteral;
        SqlKind kind = mirrored ? call.getKind().reverse() : call.getKind();
        boolean limits = kind == SqlKind.LESS_THAN || kind == SqlKind.LESS_THAN_OR_EQUAL || kind == SqlKind.EQUALS;
        if (limits
                && call.getOperands().get(mirrored ? 1 : 0).equals(over)
                && call.getOperands().get(mirrored ? 0 : 1) instanceof RexLiteral literal
                && literal.getValue4() instanceof BigDecimal bound
                && bound.compareTo(BigDecimal.valueOf(MOST_ROWS)) <= 0) {
            return Math.max(0, bound.intValue());
        }
        return -1;
    }

    private static @Nullable RelNode fuse(Project project, TensorRel tensor, RexOver over, int rows) {
        List<RexNode> below = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (RexNode column : project.getProjects()) {
            if (!RexOver.containsOver(column)) {
                places.add(below.size());
                below.add(column);
            } else {
                places.add(-1);
            }
        }
        int width = below.size();
        List<Integer> keys = over.getWindow().partitionKeys.stream()
                .map(key -> place(below, key))
                .toList();
        List<RelFieldCollation> order = new ArrayList<>();
        for (RexFieldCollation key : over.getWindow().orderKeys) {
            order.add(new RelFieldCollation(place(below, key.left), key.getDirection(), key.getNullDirection()));
        }
        Pipeline pipeline = tensor.pipeline();
        Pipeline grown = pipeline.withProjects(below.stream()
                        .map(rex -> Composition.over(rex, pipeline.projects()))
                        .toList())
                .withStage(new Pipeline.TopOfGroups(keys, RelCollations.of(order), rows, width));
        if (Fusibility.obstacle(tensor, grown) != null) {
            return null;
        }
        RelDataTypeFactory.Builder type = tensor.getCluster().getTypeFactory().builder();
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i) >= 0) {
                type.add(project.getRowType().getFieldList().get(i));
            }
        }
        RelDataType rowType = type.add("place", over.getType()).uniquify().build();
        return output(project, tensor.with(grown, rowType), over, places);
    }

    /** Where an expression is among others, to which it is added where it is not. */
    private static int place(List<RexNode> expressions, RexNode wanted) {
        int place = expressions.indexOf(wanted);
        if (place < 0) {
            place = expressions.size();
            expressions.add(wanted);
        }
        return place;
    }

    /** The columns of the projection, over those that are left and the number. */
    private static RelNode output(Project project, TensorRel numbered, RexOver over, List<Integer> places) {
        RexBuilder builder = project.getCluster().getRexBuilder();
        RexNode number = builder.makeInputRef(numbered, numbered.getRowType().getFieldCount() - 1);
        List<RexNode> columns = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            columns.add(
                    places.get(i) >= 0
                            ? builder.makeInputRef(numbered, places.get(i))
                            : replaced(project.getProjects().get(i), over, number));
        }
        return LogicalProject.create(
                numbered, project.getHints(), columns, project.getRowType().getFieldNames(), project.getVariablesSet());
    }

    private static RexNode replaced(RexNode column, RexOver over, RexNode number) {
        return column.accept(new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver each) {
                return each.equals(over) ? number : each;
            }
        });
    }
}
