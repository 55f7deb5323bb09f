package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Where a condition leaves one cell of each row, a column or a diagonal of the matrix as {@code key_pos = query_pos - 255}, the loop
 * along rows goes: cells are read line by line, and the loop over rows, which was around it, is the innermost.
 */
final class Lines {
    private Lines() {}

    /** The pipeline without the loop along rows; as it was where that has more than one turn, or none is known to be enough. */
    static Pipeline straighten(Pipeline pipeline, RexBuilder builder) {
        Nest nest = pipeline.nest();
        if (nest.operands().size() != 1) {
            return pipeline;
        }
        Nest.Operand operand = nest.operands().get(0);
        if (!operand.tensor().cells() || operand.cellAxis() != nest.lastAxis()) {
            return pipeline;
        }
        Levels levels = new Levels(
                nest,
                pipeline.joins().stream().map(Pipeline.DimensionJoin::keys).toList());
        for (RexNode filter : pipeline.filters()) {
            Bound bound = Bound.of(filter, nest, levels);
            if (bound != null && bound.kind() == SqlKind.EQUALS && bound.axis() == nest.lastAxis()) {
                Nest.Line line = line(bound, nest, builder);
                if (line != null) {
                    return straighten(pipeline, operand, line, filter, builder);
                }
            }
        }
        return pipeline;
    }

    /** The bound as a line; null where it is none, or its offset is neither a number nor a parameter. */
    private static Nest.@Nullable Line line(Bound bound, Nest nest, RexBuilder builder) {
        int slope = 0;
        long number = 0;
        RexNode parameter = null;
        for (Bound.Term term : bound.terms()) {
            if (term.rex() instanceof RexInputRef ref
                    && nest.columns().get(ref.getIndex()).equals(new Nest.Coordinate(nest.lastAxis() - 1))) {
                slope += term.plus() ? 1 : -1;
            } else if (term.rex() instanceof RexLiteral literal
                    && literal.getValue() instanceof BigDecimal value
                    && Constants.kind(literal) == Kind.INT) {
                number += term.plus() ? value.intValue() : -value.intValue();
            } else if (term.rex() instanceof RexDynamicParam given
                    && Kind.of(given.getType()).integral()
                    && parameter == null) {
                parameter = term.plus() ? given : builder.makeCall(SqlStdOperatorTable.UNARY_MINUS, given);
            } else {
                return null;
            }
        }
        boolean straight = (slope == 0 || slope == 1) && Math.abs(number) < Integer.MAX_VALUE;
        if (!straight || (parameter != null && number != 0)) {
            return null;
        }
        return new Nest.Line(slope, parameter == null ? integer(number, builder) : parameter);
    }

    private static RexNode integer(long value, RexBuilder builder) {
        return builder.makeExactLiteral(
                BigDecimal.valueOf(value), builder.getTypeFactory().createSqlType(SqlTypeName.INTEGER));
    }

    private static Pipeline straighten(
            Pipeline pipeline, Nest.Operand operand, Nest.Line line, RexNode condition, RexBuilder builder) {
        Nest nest = pipeline.nest();
        Nest.Coordinate row = new Nest.Coordinate(nest.lastAxis() - 1);
        Nest.Coordinate cell = new Nest.Coordinate(nest.lastAxis());
        List<Nest.Column> columns = new ArrayList<>(nest.columns());
        columns.replaceAll(column -> column.equals(cell) ? row : column);
        List<Integer> axes = new ArrayList<>(operand.rowAxes());
        axes.add(row.axis());
        Nest shorter = new Nest(
                nest.axes().subList(0, nest.lastAxis()),
                List.of(new Nest.Operand(operand.tensor(), axes, line)),
                columns,
                nest.dimensions());
        RexShuttle computed = new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef ref) {
                if (!nest.columns().get(ref.getIndex()).equals(cell)) {
                    return ref;
                }
                RexNode place = line.slope() == 0
                        ? line.offset()
                        : builder.makeCall(
                                SqlStdOperatorTable.PLUS,
                                builder.makeInputRef(
                                        ref.getType(), nest.columns().indexOf(row)),
                                line.offset());
                return builder.ensureType(ref.getType(), place, true);
            }
        };
        List<RexNode> filters = new ArrayList<>(pipeline.filters());
        filters.remove(condition);
        return new Pipeline(
                shorter,
                pipeline.rowType(),
                pipeline.joins().stream()
                        .map(join -> new Pipeline.DimensionJoin(
                                computed.apply(join.keys()), join.columns(), join.type(), join.rowType()))
                        .toList(),
                computed.apply(filters),
                computed.apply(pipeline.projects()),
                pipeline.stage());
    }
}
