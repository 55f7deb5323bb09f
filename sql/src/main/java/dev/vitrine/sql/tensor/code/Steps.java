package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * An integer that goes up or down by one from cell to cell of the innermost loop: coordinates and small numbers, added and subtracted,
 * the loop's own coordinate once.
 *
 * @param first Java for its value at the loop's first cell
 * @param step 1 or −1
 */
record Steps(String first, int step) {
    /** So large that no sum of a few of them with coordinates, which count tokens, leaves the range of int. */
    private static final long LARGEST = 1 << 28;

    private static final int MOST_TERMS = 4;

    /** The expression as steps; null where it is something else. */
    static @Nullable Steps of(RexNode rex, NestWriter writer) {
        RexNode bare = rex;
        while (bare instanceof RexCall cast && cast.getKind() == SqlKind.CAST && isNumber(cast.getType())) {
            bare = cast.getOperands().get(0);
        }
        List<Bound.Term> terms = new ArrayList<>();
        if (Kind.of(bare.getType()) != Kind.INT || !Bound.flatten(bare, true, terms) || terms.size() > MOST_TERMS) {
            return null;
        }
        int last = writer.nest().lastAxis();
        StringBuilder first = new StringBuilder("0");
        int step = 0;
        for (Bound.Term term : terms) {
            first.append(term.plus() ? " + " : " - ");
            if (coordinate(term.rex(), writer) == last) {
                if (step != 0) {
                    return null;
                }
                step = term.plus() ? 1 : -1;
                first.append("lo").append(last);
            } else if (coordinate(term.rex(), writer) >= 0 || isSmall(term.rex())) {
                first.append(writer.java
                        .value(term.rex(), writer.block(writer.levels.last() - 1))
                        .text());
            } else {
                return null;
            }
        }
        return step == 0 ? null : new Steps("(" + first + ")", step);
    }

    private static boolean isNumber(RelDataType type) {
        return Kind.of(type) == Kind.FLOAT || Kind.of(type) == Kind.DOUBLE;
    }

    private static int coordinate(RexNode rex, NestWriter writer) {
        return rex instanceof RexInputRef ref
                        && writer.nest().columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate
                ? coordinate.axis()
                : -1;
    }

    private static boolean isSmall(RexNode rex) {
        return rex instanceof RexLiteral literal
                && Kind.of(rex.getType()) == Kind.INT
                && literal.getValue() instanceof Number number
                && Math.abs(number.doubleValue()) <= LARGEST;
    }
}
