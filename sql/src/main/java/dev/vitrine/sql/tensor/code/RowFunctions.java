package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
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
        RexNode cell = Cell.bare(argument);
        int operand = Cell.operand(argument, writer.nest());
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

    /** Whether a condition is decided outside of the innermost loop, or is no more than {@code cell > 0}. */
    private boolean keepsMost(RexNode filter) {
        if (writer.levels.of(filter) < writer.levels.last() || Bound.of(filter, writer.nest(), writer.levels) != null) {
            return true;
        }
        return Cell.positive(filter, writer.nest()) >= 0;
    }
}
