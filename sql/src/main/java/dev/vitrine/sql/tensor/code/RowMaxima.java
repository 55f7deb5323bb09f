package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.Tensor;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * What the largest cell of a row, which the store knows, saves: rows that {@code weight > t} or the rows found so far for ORDER BY
 * weight DESC LIMIT n rule out are not read.
 */
final class RowMaxima {
    private RowMaxima() {}

    static void use(NestWriter writer, Operands operands) {
        for (RexNode filter : writer.pipeline.filters()) {
            if (filter instanceof RexCall call) {
                boolean mirrored = call.getKind() == SqlKind.LESS_THAN || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
                boolean strict = call.getKind() == SqlKind.GREATER_THAN || call.getKind() == SqlKind.LESS_THAN;
                boolean open =
                        call.getKind() == SqlKind.GREATER_THAN_OR_EQUAL || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
                if (strict || open) {
                    List<RexNode> sides = call.getOperands();
                    test(writer, operands, sides.get(mirrored ? 1 : 0), sides.get(mirrored ? 0 : 1), strict);
                }
            }
        }
        if (writer.pipeline.stage() instanceof Pipeline.Top top) {
            var first = top.collation().getFieldCollations().get(0);
            int cell = cell(writer, writer.pipeline.projects().get(first.getFieldIndex()));
            if (cell >= 0 && first.getDirection().isDescending()) {
                operands.skipRows(cell, "max < top0.bound()");
            }
        }
    }

    /** The operand of which whole rows are walked, and no more of them than the largest cell is asked for; −1 where there is none. */
    static int wholeRows(NestWriter writer, List<NestWriter.Conjunct> residual) {
        int last = writer.nest().lastAxis();
        boolean whole = !RowWriter.filters(writer, residual)
                && writer.pipeline.filters().stream()
                        .map(filter -> Bound.of(filter, writer.nest(), writer.levels))
                        .noneMatch(bound -> bound != null && bound.axis() == last);
        if (whole && writer.nest().operands().size() == 1) {
            Nest.Operand operand = writer.nest().operands().get(0);
            if (operand.tensor() == Tensor.ATTENTION && operand.line() == null && operand.cellAxis() == last) {
                return 0;
            }
        }
        return -1;
    }

    /** Where {@code cell > bound} or {@code cell >= bound} is asked for. */
    private static void test(NestWriter writer, Operands operands, RexNode cell, RexNode bound, boolean strict) {
        int operand = cell(writer, cell);
        if (operand < 0 || writer.levels.of(bound) > 0 || !MayFail.never(bound)) {
            return;
        }
        Value value = writer.java.value(bound, writer.block(0));
        if (value.kind().numeric()) {
            Value number = writer.java.arithmetic().convert(value, dev.vitrine.sql.tensor.Kind.DOUBLE, 0);
            String test = "max " + (strict ? "<= " : "< ") + number.text();
            operands.skipRows(operand, value.nullable() ? value.isNull() + " || " + test : test);
        }
    }

    /** The operand whose cell, along the innermost axis, the expression is; −1 where it is something else. */
    private static int cell(NestWriter writer, RexNode rex) {
        if (rex instanceof RexInputRef ref
                && writer.nest().columns().get(ref.getIndex()) instanceof Nest.Payload payload) {
            Nest.Operand operand = writer.nest().operands().get(payload.operand());
            boolean innermost = operand.tensor().cells()
                    && operand.line() == null
                    && operand.cellAxis() == writer.nest().lastAxis();
            return innermost ? payload.operand() : -1;
        }
        return -1;
    }
}
