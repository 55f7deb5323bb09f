package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.store.Statistic;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * What the least and the largest cell of a row or a tile, which the store knows, save: those that {@code weight > t}, {@code weight <
 * t}, {@code weight = t} or the rows found so far for ORDER BY weight LIMIT n rule out are not read.
 */
final class RowStatistics {
    private final NestWriter writer;
    private final StoredStatistics statistics;

    RowStatistics(NestWriter writer) {
        this.writer = writer;
        this.statistics = writer.statistics();
    }

    void use() {
        for (RexNode filter : writer.pipeline.filters()) {
            if (filter instanceof RexCall call && call.getOperands().size() == 2) {
                List<RexNode> sides = call.getOperands();
                test(sides.get(0), call.getKind(), sides.get(1));
                test(sides.get(1), call.getKind().reverse(), sides.get(0));
            }
        }
        if (writer.pipeline.stage() instanceof Pipeline.Top top) {
            var first = top.collation().getFieldCollations().get(0);
            int cell = cell(writer.pipeline.projects().get(first.getFieldIndex()));
            if (cell >= 0 && first.getDirection().isDescending()) {
                statistics.skip(cell, Statistic.MAX, max -> max + " < top0.bound()");
            } else if (cell >= 0) {
                statistics.skip(cell, Statistic.MIN, min -> min + " > top0.bound()");
            }
        }
    }

    /** Where {@code cell comparison bound} is asked for. */
    private void test(RexNode cell, SqlKind comparison, RexNode bound) {
        int operand = cell(cell);
        if (operand < 0 || writer.levels.of(bound) > 0 || !MayFail.never(bound)) {
            return;
        }
        Value value = writer.java.value(bound, writer.block(0));
        if (!value.kind().numeric()) {
            return;
        }
        String number = writer.java.arithmetic().convert(value, Kind.DOUBLE, 0).text();
        String isNull = value.nullable() ? value.isNull() + " || " : "";
        UnaryOperator<String> tooSmall = max -> isNull + max + " < " + number;
        UnaryOperator<String> tooLarge = min -> isNull + min + " > " + number;
        switch (comparison) {
            case GREATER_THAN -> statistics.skip(operand, Statistic.MAX, max -> isNull + max + " <= " + number);
            case GREATER_THAN_OR_EQUAL -> statistics.skip(operand, Statistic.MAX, tooSmall);
            case LESS_THAN -> statistics.skip(operand, Statistic.MIN, min -> isNull + min + " >= " + number);
            case LESS_THAN_OR_EQUAL -> statistics.skip(operand, Statistic.MIN, tooLarge);
            case EQUALS -> {
                statistics.skip(operand, Statistic.MAX, tooSmall);
                statistics.skip(operand, Statistic.MIN, tooLarge);
            }
            default -> {}
        }
    }

    /** The operand whose cell, along the innermost axis, the expression is; −1 where it is something else. */
    private int cell(RexNode rex) {
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
