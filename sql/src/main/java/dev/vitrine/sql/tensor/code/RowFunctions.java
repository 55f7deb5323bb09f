package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Functions of the innermost loop's cells that cost less when a whole row is computed at once: {@code LN}. */
final class RowFunctions {
    private final NestWriter writer;
    private final Operands operands;
    private final Set<Integer> written = new HashSet<>();

    RowFunctions(NestWriter writer, Operands operands) {
        this.writer = writer;
        this.operands = operands;
    }

    /** ln of a cell; null where the argument is something else, or conditions leave out cells that a row would compute in vain. */
    @Nullable
    Value logarithm(RexNode argument) {
        RexNode cell = argument;
        while (cell instanceof RexCall cast
                && cast.getKind() == SqlKind.CAST
                && isFloat(cast.getOperands().get(0))) {
            cell = cast.getOperands().get(0);
        }
        int operand = cell(cell);
        if (operand < 0
                || !operands.readsByRow(operand)
                || !writer.pipeline.filters().stream().allMatch(this::keepsMost)) {
            return null;
        }
        Value value = writer.column(((RexInputRef) cell).getIndex(), cell);
        String row = "ln" + operand;
        if (written.add(operand)) {
            String length =
                    "hi" + writer.nest().lastAxis() + " - lo" + writer.nest().lastAxis();
            writer.field("double[]", row);
            writer.field("RowLogarithms", "logarithms" + operand);
            writer.constructor().append("logarithms" + operand + " = new RowLogarithms();\n");
            writer.tail(writer.levels.last() - 1)
                    .append(row + " = room(" + row + ", " + length + ");\n")
                    .append("logarithms" + operand + ".of(w" + operand + ", " + length + ", " + row + ");\n");
        }
        String axis = String.valueOf(writer.nest().lastAxis());
        return Value.of(Kind.DOUBLE, "Scalars.ln(" + value.text() + ", " + row + "[a" + axis + " - lo" + axis + "])");
    }

    private static boolean isFloat(RexNode rex) {
        return Kind.of(rex.getType()) == Kind.FLOAT;
    }

    /** The operand whose cell the expression is; −1 where it is something else. */
    private int cell(RexNode rex) {
        return rex instanceof RexInputRef ref
                        && writer.nest().columns().get(ref.getIndex()) instanceof Nest.Payload payload
                        && writer.nest()
                                .operands()
                                .get(payload.operand())
                                .tensor()
                                .cells()
                ? payload.operand()
                : -1;
    }

    /** Whether a condition is decided outside of the innermost loop, or is no more than {@code cell > 0}. */
    private boolean keepsMost(RexNode filter) {
        if (writer.levels.of(filter) < writer.levels.last() || Bound.of(filter, writer.nest(), writer.levels) != null) {
            return true;
        }
        if (!(filter instanceof RexCall call) || call.getKind() != SqlKind.GREATER_THAN) {
            return false;
        }
        List<RexNode> sides = call.getOperands();
        RexNode left = sides.get(0);
        while (left.getKind() == SqlKind.CAST) {
            left = ((RexCall) left).getOperands().get(0);
        }
        return cell(left) >= 0
                && sides.get(1) instanceof RexLiteral literal
                && literal.getValue() instanceof Number number
                && number.doubleValue() == 0;
    }
}
