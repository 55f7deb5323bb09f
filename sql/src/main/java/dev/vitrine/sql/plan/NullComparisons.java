package dev.vitrine.sql.plan;

import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * NULL in place of comparisons with NULL, such as those of a CASE without ELSE that never holds come to be: Calcite's metadata and its
 * simplification of AND end in an AssertionError where they meet one.
 */
final class NullComparisons extends RexShuttle {
    private final RexBuilder builder;
    private final RexSimplify simplify;

    NullComparisons(RexBuilder builder, RexSimplify simplify) {
        this.builder = builder;
        this.simplify = simplify;
    }

    @Override
    public RexNode visitCall(RexCall call) {
        RexNode visited = super.visitCall(call);
        boolean comparison = visited.isA(SqlKind.COMPARISON);
        if (!comparison && !visited.isA(SqlKind.CASE)) {
            return visited;
        }
        if (comparison
                && ((RexCall) visited).getOperands().stream().anyMatch(side -> RexUtil.isNullLiteral(side, true))) {
            return builder.makeNullLiteral(visited.getType());
        }
        return simplify.simplifyPreservingType(visited);
    }
}
