package dev.vitrine.sql.tensor.code;

import static java.util.Objects.requireNonNull;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.run.Slot;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * What accumulators make of a whole row of the innermost loop where {@link dev.vitrine.sql.tensor.run.RowKernels} knows it: numbers of
 * cells, Σ weight, Σ weight·distance, the entropy's Σ w ln w, and the moments of an even correlation.
 */
final class RowSums {
    private static final String KERNELS = "kernels0";

    private final NestWriter writer;
    private final Operands operands;
    private final String length;
    private final boolean applies;
    private int positive = -1;

    RowSums(NestWriter writer) {
        this.writer = writer;
        this.operands = writer.operands();
        int last = writer.nest().lastAxis();
        this.length = "hi" + last + " - lo" + last;
        this.applies = applies();
    }

    /** Whether each row is walked as a whole, or all of its cells that are greater than 0. */
    private boolean applies() {
        int last = writer.levels.last();
        if (last < writer.levels.count() - 1) {
            return false;
        }
        for (RexNode filter : writer.pipeline.filters()) {
            Bound bound = Bound.of(filter, writer.nest(), writer.levels);
            if (bound != null && bound.axis() == writer.nest().lastAxis() && bound.kind() == SqlKind.EQUALS) {
                return false;
            }
            if (bound == null && writer.levels.of(filter) >= last) {
                int cell = Cell.positive(filter, writer.nest());
                if (cell < 0 || positive >= 0 || !operands.readsByRow(cell)) {
                    return false;
                }
                positive = cell;
            }
        }
        return true;
    }

    /** Whether cells are left out, so that rows are computed whole by all accumulators or by none. */
    boolean filtered() {
        return positive >= 0;
    }

    /** Java for what the current row adds to an accumulator's slot; null where its cells must be walked. */
    @Nullable
    String value(Accumulator accumulator) {
        if (!applies || accumulator.function() != null || accumulator.order() != null) {
            return null;
        }
        RexNode filter = accumulator.filter();
        if (accumulator.count()) {
            if (accumulator.arguments().stream().anyMatch(rex -> rex.getType().isNullable())) {
                return null;
            }
            return filter == null ? count() : filtered() ? null : countWithin(filter);
        }
        if (filter != null || accumulator.slot() != Slot.SUM_DOUBLE) {
            return null;
        }
        return sum(accumulator.arguments().get(0));
    }

    private String count() {
        return filtered() ? kernel("countPositive", positive, "") : length;
    }

    /** How many cells of the row a condition on the innermost coordinate passes. */
    private @Nullable String countWithin(RexNode filter) {
        Bound bound = Bound.of(filter, writer.nest(), writer.levels);
        if (bound == null || bound.axis() != writer.nest().lastAxis()) {
            return null;
        }
        String range = bound.length(writer);
        return range == null ? null : "Math.max(0, " + range + ")";
    }

    private @Nullable String sum(RexNode rex) {
        int guarded = positive;
        RexNode term = rex;
        if (rex instanceof RexCall cases
                && cases.getKind() == SqlKind.CASE
                && cases.getOperands().size() == 3
                && Cell.isZero(cases.getOperands().get(2))) {
            guarded = Cell.positive(cases.getOperands().get(0), writer.nest());
            term = cases.getOperands().get(1);
            if (guarded < 0 || (filtered() && guarded != positive)) {
                return null;
            }
        }
        if (guarded >= 0) {
            int sign = signOfXLnX(term, guarded);
            return sign == 0 || !operands.readsByRow(guarded)
                    ? null
                    : (sign < 0 ? "-" : "") + kernel("sumXLnX", guarded, "");
        }
        int cell = Cell.operand(term, writer.nest());
        if (cell >= 0) {
            return operands.readsByRow(cell) ? kernel("sum", cell, "") : null;
        }
        return term.getKind() == SqlKind.TIMES ? sumTimesSteps(((RexCall) term)) : null;
    }

    private @Nullable String sumTimesSteps(RexCall product) {
        for (int side = 0; Kind.of(product.getType()) == Kind.FLOAT && side < 2; side++) {
            int cell = Cell.operand(product.getOperands().get(side), writer.nest());
            Steps steps = cell < 0 || !operands.readsByRow(cell)
                    ? null
                    : Steps.of(product.getOperands().get(1 - side), writer);
            if (steps != null) {
                return kernel("sumTimesSteps", cell, ", " + steps.first() + ", " + steps.step());
            }
        }
        return null;
    }

    /** 1 where the expression is x ln x of that cell, −1 where it is −x ln x, 0 where it is neither. */
    private int signOfXLnX(RexNode rex, int cell) {
        if (!(rex instanceof RexCall call)) {
            return 0;
        }
        if (call.getKind() == SqlKind.MINUS_PREFIX) {
            return -signOfXLnX(call.getOperands().get(0), cell);
        }
        if (call.getKind() != SqlKind.TIMES || Kind.of(call.getType()) != Kind.DOUBLE) {
            return 0;
        }
        List<RexNode> sides = call.getOperands();
        return sign(sides.get(0), cell, false) * sign(sides.get(1), cell, true)
                + sign(sides.get(0), cell, true) * sign(sides.get(1), cell, false);
    }

    /** 1 where the expression is that cell, or its logarithm, −1 where it is the negative of that, 0 where it is something else. */
    private int sign(RexNode rex, int cell, boolean logarithm) {
        RexNode bare = Cell.bare(rex);
        if (bare.getKind() == SqlKind.MINUS_PREFIX) {
            return -sign(((RexCall) bare).getOperands().get(0), cell, logarithm);
        }
        if (logarithm) {
            boolean isLogarithm = bare instanceof RexCall call
                    && call.getOperator().getName().equals("LN")
                    && Cell.operand(call.getOperands().get(0), writer.nest()) == cell;
            return isLogarithm ? 1 : 0;
        }
        return Cell.operand(bare, writer.nest()) == cell ? 1 : 0;
    }

    /** Java for the entropy of the row's cells, added to a state; null where it is of something else. */
    @Nullable
    String entropy(Accumulator accumulator, String state) {
        if (!applies || filtered() || accumulator.filter() != null) {
            return null;
        }
        int cell = Cell.operand(accumulator.arguments().get(0), writer.nest());
        return cell < 0 || !operands.readsByRow(cell)
                ? null
                : kernels() + ".addEntropy(" + state + ", " + read(cell) + ", " + length + ")";
    }

    /** Java for an even correlation's state with the current row added; null where it is not of a row with {@link Steps}. */
    @Nullable
    String even(Accumulator accumulator, String state, String weight) {
        if (!isEven(accumulator)) {
            return null;
        }
        List<RexNode> pair = accumulator.arguments();
        int side = Steps.of(pair.get(1), writer) == null ? 1 : 0;
        String row = requireNonNull(row(pair.get(side)));
        Steps steps = requireNonNull(Steps.of(pair.get(1 - side), writer));
        return kernels() + ".addEven(" + state + ", " + weight + ", " + row + ", " + length + ", " + steps.first()
                + ", " + steps.step() + ")";
    }

    /** Whether {@link #even} has an answer. */
    boolean isEven(Accumulator accumulator) {
        if (!applies || filtered() || accumulator.filter() != null || !EvenCorrelation.is(writer, accumulator)) {
            return false;
        }
        List<RexNode> pair = accumulator.arguments();
        return (Steps.of(pair.get(1), writer) != null && row(pair.get(0)) != null)
                || (Steps.of(pair.get(0), writer) != null && row(pair.get(1)) != null);
    }

    /** The array of the numbers that an expression has along the row; null where there is none. */
    private @Nullable String row(RexNode rex) {
        int cell = Cell.operand(rex, writer.nest());
        if (cell < 0) {
            return writer.pairRow(rex);
        }
        return operands.readsByRow(cell) ? read(cell) : null;
    }

    private String kernel(String name, int cell, String more) {
        return kernels() + "." + name + "(" + read(cell) + ", " + length + more + ")";
    }

    private String kernels() {
        return kernels(writer);
    }

    /** The field that holds a thread's kernels. */
    static String kernels(NestWriter writer) {
        writer.field("RowKernels", KERNELS);
        String made = KERNELS + " = RowKernels.create();\n";
        if (writer.constructor().indexOf(made) < 0) {
            writer.constructor().append(made);
        }
        return KERNELS;
    }

    /** Has the row of a cell read. */
    private String read(int cell) {
        operands.cell(cell);
        return "w" + cell;
    }
}
