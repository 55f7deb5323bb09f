package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.Bounds;
import dev.vitrine.sql.tensor.run.LoopNest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * A condition that limits a loop: {@code axis op Σ terms}, where the terms are known outside of the loop. {@code key_pos = query_pos −
 * 255} thus costs one cell per row. Sums are in 64 bits.
 *
 * @param axis the innermost axis that the condition names
 * @param kind one of {@code = < <= > >=}
 * @param terms of which each is added or subtracted
 */
record Bound(int axis, SqlKind kind, List<Term> terms) {
    private static final Set<SqlKind> COMPARISONS = EnumSet.of(
            SqlKind.EQUALS,
            SqlKind.LESS_THAN,
            SqlKind.LESS_THAN_OR_EQUAL,
            SqlKind.GREATER_THAN,
            SqlKind.GREATER_THAN_OR_EQUAL);

    record Term(boolean plus, RexNode rex) {}

    /** The condition as a bound, or null where it is none. */
    static @Nullable Bound of(RexNode filter, Nest nest, Levels levels) {
        if (!(filter instanceof RexCall call)) {
            return null;
        }
        if (!COMPARISONS.contains(call.getKind())) {
            return null;
        }
        List<Term> terms = new ArrayList<>();
        if (!flatten(call.getOperands().get(0), true, terms)
                || !flatten(call.getOperands().get(1), false, terms)) {
            return null;
        }
        int level = terms.stream().mapToInt(term -> levels.of(term.rex)).max().orElse(0);
        int at = -1;
        for (int i = 0; i < terms.size(); i++) {
            if (levels.of(terms.get(i).rex) == level) {
                if (at >= 0) {
                    return null;
                }
                at = i;
            } else if (!MayFail.never(terms.get(i).rex)) {
                return null;
            }
        }
        Term inner = at < 0 ? null : terms.remove(at);
        if (inner == null
                || !(inner.rex instanceof RexInputRef ref)
                || !(nest.columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate)) {
            return null;
        }
        boolean positive = inner.plus;
        List<Term> others = new ArrayList<>();
        for (Term term : terms) {
            others.add(new Term(term.plus != positive, term.rex));
        }
        return new Bound(
                coordinate.axis(), positive ? call.getKind() : call.getKind().reverse(), others);
    }

    static boolean flatten(RexNode rex, boolean plus, List<Term> terms) {
        if (!Constants.kind(rex).integral()) {
            return false;
        }
        if (rex instanceof RexCall call) {
            List<RexNode> operands = call.getOperands();
            RexNode first = operands.get(0);
            return switch (call.getKind()) {
                case PLUS -> flatten(first, plus, terms) && flatten(operands.get(1), plus, terms);
                case MINUS -> flatten(first, plus, terms) && flatten(operands.get(1), !plus, terms);
                case MINUS_PREFIX -> flatten(first, !plus, terms);
                case CAST -> isWiderOf(call, first) ? flatten(first, plus, terms) : add(rex, plus, terms);
                default -> add(rex, plus, terms);
            };
        }
        return add(rex, plus, terms);
    }

    /** Whether the cast changes no number. */
    private static boolean isWiderOf(RexCall cast, RexNode rex) {
        return Constants.kind(rex) == Kind.INT || Constants.kind(rex) == Kind.of(cast.getType());
    }

    private static boolean add(RexNode rex, boolean plus, List<Term> terms) {
        terms.add(new Term(plus, rex));
        return true;
    }

    /** Narrows the axis before any loop runs, where the terms are constants; a NULL leaves nothing of it. */
    void narrow(Bounds bounds, ConstantValues constants) {
        if (terms.stream().anyMatch(term -> constants.isNull(term.rex))) {
            bounds.nothing();
            return;
        }
        long sum = 0;
        for (Term term : terms) {
            long value = constants.integer(term.rex);
            if (value == Long.MIN_VALUE) {
                return;
            }
            sum = term.plus ? LoopNest.plus(sum, value) : LoopNest.minus(sum, value);
        }
        switch (kind) {
            case GREATER_THAN_OR_EQUAL -> bounds.atLeast(axis, sum);
            case GREATER_THAN -> bounds.above(axis, sum);
            case LESS_THAN_OR_EQUAL -> bounds.atMost(axis, sum);
            case LESS_THAN -> bounds.below(axis, sum);
            default -> {
                bounds.atLeast(axis, sum);
                bounds.atMost(axis, sum);
            }
        }
    }

    /** How many numbers of the axis's range pass, below 0 for none; null where a term can be NULL. The innermost axis's. */
    @Nullable
    String length(NestWriter writer) {
        Value sum = sum(writer, writer.block(writer.levels.last() - 1));
        return sum.nullable() ? null : hi(sum) + " - " + lo(sum);
    }

    /** The statements that narrow the axis's loop, outside of it. */
    void write(NestWriter writer) {
        Block block = writer.block(writer.levels.ofAxis(axis) - 1);
        Value sum = sum(writer, block);
        if (sum.nullable()) {
            block.add("if (" + sum.isNull() + ") " + (block.level == 0 ? "return;" : "continue;"));
        }
        block.add("lo" + axis + " = " + lo(sum) + ";");
        block.add("hi" + axis + " = " + hi(sum) + ";");
    }

    /** The terms' sum in 64 bits; the largest or least long where it is beyond them. */
    private Value sum(NestWriter writer, Block block) {
        String sum = "0L";
        List<Value> values = new ArrayList<>();
        for (Term term : terms) {
            Value value = writer.java.value(term.rex, block);
            values.add(value);
            sum = value.kind() == Kind.LONG
                    ? (term.plus ? "plus(" : "minus(") + sum + ", " + value.text() + ")"
                    : sum + (term.plus ? " + " : " - ") + value.text();
        }
        return Value.of(Kind.LONG, sum, Logic.anyNull(values));
    }

    private String lo(Value sum) {
        String lo = "lo" + axis;
        return switch (kind) {
            case EQUALS, GREATER_THAN_OR_EQUAL -> "atLeast(" + lo + ", " + sum.text() + ")";
            case GREATER_THAN -> "above(" + lo + ", " + sum.text() + ")";
            default -> lo;
        };
    }

    private String hi(Value sum) {
        String hi = "hi" + axis;
        return switch (kind) {
            case EQUALS, LESS_THAN_OR_EQUAL -> "atMost(" + hi + ", " + sum.text() + ")";
            case LESS_THAN -> "below(" + hi + ", " + sum.text() + ")";
            default -> hi;
        };
    }
}
