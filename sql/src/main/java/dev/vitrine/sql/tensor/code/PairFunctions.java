package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.functions.ScalarOperator;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Tensor;
import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.vector.CosineSimilarity;
import dev.vitrine.udfs.vector.Dot;
import dev.vitrine.udfs.vector.L2Distance;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * {@code dot}, {@code l2_distance} and {@code cosine_similarity} of a vector that the innermost loop leaves alone with one that it
 * walks: a row of a matrix product, computed at once. The vectors walked are loaded once per head.
 */
final class PairFunctions {
    private final NestWriter writer;
    private final Set<String> written = new HashSet<>();

    PairFunctions(NestWriter writer) {
        this.writer = writer;
    }

    /** The function's value at the current pair; null where it is not of this form. */
    @Nullable
    Value value(FunctionDescription function, List<RexNode> operands, Block block) {
        Pair pair = pair(function.implementation(), operands);
        if (pair == null) {
            return null;
        }
        String index = "[a" + writer.nest().lastAxis() + " - lo" + writer.nest().lastAxis() + "]";
        if (function.implementation() != CosineSimilarity.class) {
            return Value.of(Kind.DOUBLE, row(function.implementation(), pair) + index);
        }
        String dots = row("dot", pair) + index;
        String norms = row("norms", pair) + index;
        String isNull = writer.java.declare(Kind.BOOLEAN, norms + " == 0", block);
        String bounded = isNull + " ? 0.0 : Math.max(-1.0, Math.min(1.0, " + dots + " / " + norms + "))";
        return writer.java.let(Kind.DOUBLE, bounded, isNull, block);
    }

    /** The array of {@code dot} or {@code l2_distance} along the innermost axis; null where the expression is something else. */
    @Nullable
    String row(RexNode rex) {
        if (rex instanceof RexCall call
                && call.getOperator() instanceof ScalarOperator operator
                && operator.description().implementation() != CosineSimilarity.class) {
            Pair pair = pair(operator.description().implementation(), call.getOperands());
            return pair == null ? null : row(operator.description().implementation(), pair);
        }
        return null;
    }

    /** The vector that stands still and the one that the innermost loop walks, as operands. */
    private record Pair(int standing, int walking) {}

    private @Nullable Pair pair(Class<?> owner, List<RexNode> operands) {
        if (owner != CosineSimilarity.class && owner != Dot.class && owner != L2Distance.class) {
            return null;
        }
        Integer first = operand(operands.get(0));
        Integer second = operand(operands.get(1));
        if (first == null || second == null) {
            return null;
        }
        Pair pair;
        if (walks(first) && stands(second)) {
            pair = new Pair(second, first);
        } else if (stands(first) && walks(second)) {
            pair = new Pair(first, second);
        } else {
            return null;
        }
        writer.column(refIndex(operands, pair.standing), writer.reference(refIndex(operands, pair.standing)));
        return pair;
    }

    private String row(Class<?> owner, Pair pair) {
        return row(owner == Dot.class ? "dot" : "distance", pair);
    }

    private int refIndex(List<RexNode> operands, int operand) {
        for (RexNode rex : operands) {
            RexInputRef ref = (RexInputRef) rex;
            if (writer.nest().columns().get(ref.getIndex()).equals(new Nest.Payload(operand))) {
                return ref.getIndex();
            }
        }
        throw new IllegalStateException("operand " + operand);
    }

    private @Nullable Integer operand(RexNode rex) {
        return rex instanceof RexInputRef ref
                        && writer.nest().columns().get(ref.getIndex()) instanceof Nest.Payload payload
                        && !writer.nest()
                                .operands()
                                .get(payload.operand())
                                .tensor()
                                .cells()
                ? payload.operand()
                : null;
    }

    private boolean stands(int operand) {
        return writer.nest().operands().get(operand).axes().stream()
                .allMatch(axis -> writer.levels.ofAxis(axis) < writer.levels.last());
    }

    /** Whether the innermost axis, of positions, is the operand's, and its head is known two loops further out. */
    private boolean walks(int operand) {
        List<Integer> axes = writer.nest().operands().get(operand).axes();
        return axes.get(axes.size() - 1) == writer.nest().lastAxis() && head(operand) < writer.levels.last() - 1;
    }

    private int head(int operand) {
        List<Integer> axes = writer.nest().operands().get(operand).axes();
        return axes.subList(0, axes.size() - 1).stream()
                .mapToInt(writer.levels::ofAxis)
                .max()
                .orElseThrow();
    }

    /** The array of a function's values along the innermost axis, computed where its range is known. */
    private String row(String function, Pair pair) {
        int standing = pair.standing;
        int walking = pair.walking;
        String block = "block" + walking;
        Nest.Operand operand = writer.nest().operands().get(walking);
        List<Integer> axes = operand.axes();
        if (written.add(block)) {
            writer.field("VectorBlock", block);
            writer.constructor().append(block).append(" = RowKernels.create().block();\n");
            boolean sites = operand.tensor() == Tensor.HIDDEN_STATES;
            writer.vectors(walking);
            writer.tail(head(walking))
                    .append(block + ".load(vectors" + walking + ", a" + axes.get(1) + ", a" + axes.get(2) + ", "
                            + (sites ? "0" : "a" + axes.get(3)) + ", run.tokens(a1), run.width(Tensor."
                            + operand.tensor()
                            + "));\n");
        }
        String row =
                "y" + walking + "_" + standing + (function.equals("dot") ? "0" : function.equals("norms") ? "1" : "2");
        if (written.add(row)) {
            String lo = "lo" + writer.nest().lastAxis();
            String hi = "hi" + writer.nest().lastAxis();
            writer.field("double[]", row);
            writer.tail(writer.levels.last() - 1)
                    .append("if (" + lo + " >= " + hi + ") continue;\n")
                    .append(row + " = room(" + row + ", " + hi + " - " + lo + ");\n")
                    .append(block + "." + function + "(x" + standing + ", " + lo + ", " + hi + ", " + row + ");\n");
        }
        return row;
    }
}
