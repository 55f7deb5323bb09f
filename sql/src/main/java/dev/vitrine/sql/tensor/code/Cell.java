package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** Expressions that are no more than a cell of a tensor. */
final class Cell {
    private Cell() {}

    /** An expression without casts that change no number: of REAL to DOUBLE. */
    static RexNode bare(RexNode rex) {
        RexNode bare = rex;
        while (bare instanceof RexCall cast
                && cast.getKind() == SqlKind.CAST
                && (Kind.of(cast.getType()) == Kind.FLOAT || Kind.of(cast.getType()) == Kind.DOUBLE)
                && Kind.of(cast.getOperands().get(0).getType()) == Kind.FLOAT) {
            bare = cast.getOperands().get(0);
        }
        return bare;
    }

    /** The operand whose cell the expression is, casts aside; −1 where it is something else. */
    static int operand(RexNode rex, Nest nest) {
        return bare(rex) instanceof RexInputRef ref
                        && nest.columns().get(ref.getIndex()) instanceof Nest.Payload payload
                        && nest.operands().get(payload.operand()).tensor().cells()
                ? payload.operand()
                : -1;
    }

    /** The operand of whose cell the expression says that it is greater than 0; −1 where it is something else. */
    static int positive(RexNode rex, Nest nest) {
        return rex instanceof RexCall call
                        && call.getKind() == SqlKind.GREATER_THAN
                        && isZero(call.getOperands().get(1))
                ? operand(call.getOperands().get(0), nest)
                : -1;
    }

    /** Whether it is the number 0, of whatever type. */
    static boolean isZero(RexNode rex) {
        RexNode bare = rex;
        while (bare.getKind() == SqlKind.CAST) {
            bare = ((RexCall) bare).getOperands().get(0);
        }
        return bare instanceof RexLiteral literal
                && literal.getValue() instanceof Number number
                && number.doubleValue() == 0;
    }
}
