package dev.vitrine.sql.table;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import dev.vitrine.sql.query.Query;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * A condition that compares one coordinate with a constant, a set of constants, or a parameter, so that reading can start and end by it.
 *
 * @param column ordinal of the coordinate
 * @param operator {@code =}, {@code <>}, {@code <}, {@code <=}, {@code >}, {@code >=}, or SEARCH for a set
 * @param operand a literal or a parameter
 */
public record Bound(int column, SqlKind operator, RexNode operand) {
    /** The bound that a condition is, or null where it is none or where the table must test it row by row. */
    static @Nullable Bound of(RexNode condition, StoreTable table) {
        if (!(condition instanceof RexCall call) || call.getOperands().size() != 2) {
            return null;
        }
        RexNode left = call.getOperands().get(0);
        RexNode right = call.getOperands().get(1);
        SqlKind operator = call.getKind();
        if (column(right) != null) {
            RexNode swap = left;
            left = right;
            right = swap;
            operator = operator.reverse();
        }
        RexInputRef column = column(left);
        if (column == null || !table.columns().get(column.getIndex()).coordinate()) {
            return null;
        }
        boolean text = table.columns().get(column.getIndex()).type() == Column.Type.TEXT;
        return fits(operator, right, text) ? new Bound(column.getIndex(), operator, right) : null;
    }

    /** The column that an expression is, also where it is widened to compare with a fraction. */
    private static @Nullable RexInputRef column(RexNode expression) {
        if (expression instanceof RexCall cast
                && cast.getKind() == SqlKind.CAST
                && cast.getOperands().get(0) instanceof RexInputRef column
                && column.getType().getSqlTypeName() == SqlTypeName.INTEGER) {
            RelDataType type = cast.getType();
            boolean exact = switch (type.getSqlTypeName()) {
                case BIGINT, DOUBLE -> true;
                case DECIMAL -> type.getPrecision() - type.getScale() >= 10;
                default -> false;
            };
            return exact ? column : null;
        }
        return expression instanceof RexInputRef column ? column : null;
    }

    private static boolean fits(SqlKind operator, RexNode operand, boolean text) {
        boolean sameKind =
                text ? SqlTypeUtil.inCharFamily(operand.getType()) : SqlTypeUtil.isNumeric(operand.getType());
        if (!sameKind) {
            return false;
        }
        return switch (operator) {
            case SEARCH -> {
                Sarg<?> set = sarg(operand);
                yield set != null && set.nullAs != RexUnknownAs.TRUE && (!text || set.isPoints());
            }
            case EQUALS -> operand instanceof RexLiteral || operand instanceof RexDynamicParam;
            case NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
                !text && (operand instanceof RexLiteral || operand instanceof RexDynamicParam);
            default -> false;
        };
    }

    private static @Nullable Sarg<?> sarg(RexNode operand) {
        return operand instanceof RexLiteral literal ? literal.getValueAs(Sarg.class) : null;
    }

    /** The share of rows that meet it, as a guess for the planner. */
    double selectivity() {
        return switch (operator) {
            case EQUALS -> 0.1;
            case SEARCH -> 0.25;
            case NOT_EQUALS -> 0.9;
            default -> 0.5;
        };
    }

    /** The indices that meet a bound on a numeric column. */
    Indices indices(Query query) {
        if (operator == SqlKind.SEARCH) {
            RangeSet<BigDecimal> ranges = TreeRangeSet.create();
            for (Range<?> range : Objects.requireNonNull(sarg(operand)).rangeSet.asRanges()) {
                ranges.add(numbers(range));
            }
            return Indices.of(ranges);
        }
        Object value = value(query);
        if (value == null) {
            return Indices.of(ImmutableRangeSet.of());
        }
        BigDecimal number = number(value);
        return Indices.of(
                switch (operator) {
                    case EQUALS -> ImmutableRangeSet.of(Range.singleton(number));
                    case NOT_EQUALS ->
                        ImmutableRangeSet.of(Range.singleton(number)).complement();
                    case LESS_THAN -> ImmutableRangeSet.of(Range.lessThan(number));
                    case LESS_THAN_OR_EQUAL -> ImmutableRangeSet.of(Range.atMost(number));
                    case GREATER_THAN -> ImmutableRangeSet.of(Range.greaterThan(number));
                    default -> ImmutableRangeSet.of(Range.atLeast(number));
                });
    }

    private static Range<BigDecimal> numbers(Range<?> range) {
        Range<BigDecimal> numbers = Range.all();
        if (range.hasLowerBound()) {
            numbers = numbers.intersection(Range.downTo(number(range.lowerEndpoint()), range.lowerBoundType()));
        }
        if (range.hasUpperBound()) {
            numbers = numbers.intersection(Range.upTo(number(range.upperEndpoint()), range.upperBoundType()));
        }
        return numbers;
    }

    private static BigDecimal number(Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }

    /** The texts that meet a bound on a text column. */
    Set<String> texts(Query query) {
        Set<String> texts = new HashSet<>();
        if (operator == SqlKind.SEARCH) {
            for (Range<?> range : Objects.requireNonNull(sarg(operand)).rangeSet.asRanges()) {
                texts.add(((NlsString) range.lowerEndpoint()).getValue());
            }
            return texts;
        }
        Object value = value(query);
        if (value != null) {
            texts.add(value.toString());
        }
        return texts;
    }

    /** As it stands in a plan, after the column's name: {@code = 'alpha'}, {@code in [1, 3]}. */
    @Override
    public String toString() {
        if (operator == SqlKind.SEARCH) {
            return "in " + Objects.requireNonNull(sarg(operand)).rangeSet;
        }
        return operator.sql + " " + (operand instanceof RexLiteral literal ? literal(literal) : operand);
    }

    private static String literal(RexLiteral literal) {
        return SqlTypeUtil.inCharFamily(literal.getType())
                ? "'" + literal.getValueAs(String.class) + "'"
                : String.valueOf(literal.getValue2());
    }

    private @Nullable Object value(Query query) {
        if (operand instanceof RexDynamicParam parameter) {
            return query.get(parameter.getName());
        }
        RexLiteral literal = (RexLiteral) operand;
        if (literal.isNull()) {
            return null;
        }
        return SqlTypeUtil.inCharFamily(literal.getType())
                ? literal.getValueAs(String.class)
                : literal.getValueAs(BigDecimal.class);
    }
}
