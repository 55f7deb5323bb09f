package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.Bounds;
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
        if (!Kind.of(rex.getType()).integral()) {
            return false;
        }
        if (rex instanceof RexCall call) {
            List<RexNode> operands = call.getOperands();
            RexNode first = operands.get(0);
            return switch (call.getKind()) {
                case PLUS -> flatten(first, plus, terms) && flatten(operands.get(1), plus, terms);
                case MINUS -> flatten(first, plus, terms) && flatten(operands.get(1), !plus, terms);
                case MINUS_PREFIX -> flatten(first, !plus, terms);
                case CAST -> Kind.of(first.getType()) == Kind.INT ? flatten(first, plus, terms) : add(rex, plus, terms);
                default -> add(rex, plus, terms);
            };
        }
        return add(rex, plus, terms);
    }

    private static boolean add(RexNode rex, boolean plus, List<Term> terms) {
        terms.add(new Term(plus, rex));
        return true;
    }

    /** Narrows the axis before any loop runs, where the terms are constants. */
    void narrow(Bounds bounds, ConstantValues constants) {
        long sum = 0;
        for (Term term : terms) {
            long value = constants.integer(term.rex);
            if (value == Long.MIN_VALUE) {
                return;
            }
            sum += term.plus ? value : -value;
        }
        if (kind == SqlKind.EQUALS || kind == SqlKind.GREATER_THAN_OR_EQUAL) {
            bounds.atLeast(axis, sum);
        }
        if (kind == SqlKind.GREATER_THAN) {
            bounds.atLeast(axis, sum + 1);
        }
        if (kind == SqlKind.EQUALS || kind == SqlKind.LESS_THAN_OR_EQUAL) {
            bounds.below(axis, sum + 1);
        }
        if (kind == SqlKind.LESS_THAN) {
            bounds.below(axis, sum);
        }
    }

    /** How many numbers of the axis's range pass, below 0 for none; null where a term can be NULL. The innermost axis's. */
    @Nullable
    String length(NestWriter writer) {
        StringBuilder sum = new StringBuilder("0L");
        for (Term term : terms) {
            Value value = writer.java.value(term.rex, writer.block(writer.levels.last() - 1));
            if (value.nullable()) {
                return null;
            }
            sum.append(term.plus ? " + " : " - ").append(value.text());
        }
        String lo = "lo" + axis;
        String hi = "hi" + axis;
        return switch (kind) {
            case EQUALS -> "below(" + hi + ", " + sum + " + 1L) - atLeast(" + lo + ", " + sum + ")";
            case GREATER_THAN_OR_EQUAL -> hi + " - atLeast(" + lo + ", " + sum + ")";
            case GREATER_THAN -> hi + " - atLeast(" + lo + ", " + sum + " + 1L)";
            case LESS_THAN_OR_EQUAL -> "below(" + hi + ", " + sum + " + 1L) - " + lo;
            default -> "below(" + hi + ", " + sum + ") - " + lo;
        };
    }

    /** The statements that narrow the axis's loop, outside of it. */
    void write(NestWriter writer) {
        Block block = writer.block(writer.levels.ofAxis(axis) - 1);
        StringBuilder sum = new StringBuilder("0L");
        for (Term term : terms) {
            Value value = writer.java.value(term.rex, block);
            if (value.nullable()) {
                block.add("if (" + value.isNull() + ") " + (block.level == 0 ? "return;" : "continue;"));
            }
            sum.append(term.plus ? " + " : " - ").append(value.text());
        }
        String lo = "lo" + axis;
        String hi = "hi" + axis;
        if (kind == SqlKind.EQUALS || kind == SqlKind.GREATER_THAN_OR_EQUAL) {
            block.add(lo + " = atLeast(" + lo + ", " + sum + ");");
        }
        if (kind == SqlKind.GREATER_THAN) {
            block.add(lo + " = atLeast(" + lo + ", " + sum + " + 1L);");
        }
        if (kind == SqlKind.EQUALS || kind == SqlKind.LESS_THAN_OR_EQUAL) {
            block.add(hi + " = below(" + hi + ", " + sum + " + 1L);");
        }
        if (kind == SqlKind.LESS_THAN) {
            block.add(hi + " = below(" + hi + ", " + sum + ");");
        }
    }
}
