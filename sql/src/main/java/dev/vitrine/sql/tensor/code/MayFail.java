package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;

/** Whether an expression can end a query: by a division by zero, a logarithm of zero, or a function's own error. */
final class MayFail {
    private static final Set<SqlKind> SAFE = Set.of(
            SqlKind.PLUS,
            SqlKind.MINUS,
            SqlKind.TIMES,
            SqlKind.MINUS_PREFIX,
            SqlKind.PLUS_PREFIX,
            SqlKind.AND,
            SqlKind.OR,
            SqlKind.NOT,
            SqlKind.EQUALS,
            SqlKind.NOT_EQUALS,
            SqlKind.LESS_THAN,
            SqlKind.LESS_THAN_OR_EQUAL,
            SqlKind.GREATER_THAN,
            SqlKind.GREATER_THAN_OR_EQUAL,
            SqlKind.IS_NULL,
            SqlKind.IS_NOT_NULL,
            SqlKind.IS_TRUE,
            SqlKind.IS_NOT_TRUE,
            SqlKind.IS_FALSE,
            SqlKind.IS_NOT_FALSE,
            SqlKind.IS_DISTINCT_FROM,
            SqlKind.IS_NOT_DISTINCT_FROM,
            SqlKind.CASE,
            SqlKind.SEARCH);
    private static final Set<String> SAFE_FUNCTIONS = Set.of(
            "ABS", "EXP", "SQRT", "POWER", "FLOOR", "CEIL", "SIGN", "SIN", "COS", "TAN", "TANH", "ATAN", "ATAN2");

    private MayFail() {}

    static boolean never(RexNode rex) {
        boolean[] safe = {true};
        rex.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
                safe[0] &= SAFE.contains(call.getKind())
                        || SAFE_FUNCTIONS.contains(call.getOperator().getName())
                        || (call.getKind() == SqlKind.CAST && widens(call))
                        || (call.getKind() == SqlKind.DIVIDE && !exact(call));
                return super.visitCall(call);
            }
        });
        return safe[0];
    }

    private static boolean widens(RexCall cast) {
        Kind to = Kind.of(cast.getType());
        Kind from = Kind.of(cast.getOperands().get(0).getType());
        return to == from || to == Kind.FLOAT || to == Kind.DOUBLE || (to == Kind.LONG && from == Kind.INT);
    }

    private static boolean exact(RexCall call) {
        Kind kind = Kind.of(call.getType());
        return kind != Kind.FLOAT && kind != Kind.DOUBLE;
    }
}
