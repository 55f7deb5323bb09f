package dev.vitrine.sql.tensor.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A join's condition, taken apart.
 *
 * @param equal conjuncts of the form left = right, each side over its own input's columns
 * @param others the other conjuncts, over the columns of both
 */
record JoinKeys(List<Equal> equal, List<RexNode> others) {
    /**
     * An equality of the two inputs.
     *
     * @param left over the left input's columns
     * @param right over the right input's columns, counted from 0
     * @param conjunct the whole, over the columns of both
     */
    record Equal(RexNode left, RexNode right, RexNode conjunct) {}

    static JoinKeys of(RexNode condition, int leftWidth, RexBuilder builder) {
        List<Equal> equal = new ArrayList<>();
        List<RexNode> others = new ArrayList<>();
        for (RexNode conjunct : RelOptUtil.conjunctions(RexUtil.expandSearch(builder, null, condition))) {
            if (conjunct.getKind() == SqlKind.EQUALS) {
                RexNode a = ((RexCall) conjunct).getOperands().get(0);
                RexNode b = ((RexCall) conjunct).getOperands().get(1);
                if (isRight(a, leftWidth) && isLeft(b, leftWidth)) {
                    RexNode swap = a;
                    a = b;
                    b = swap;
                }
                if (isLeft(a, leftWidth) && isRight(b, leftWidth)) {
                    equal.add(new Equal(a, RexUtil.shift(b, -leftWidth), conjunct));
                    continue;
                }
            }
            others.add(conjunct);
        }
        return new JoinKeys(equal, others);
    }

    private static boolean isLeft(RexNode rex, int leftWidth) {
        ImmutableBitSet columns = RelOptUtil.InputFinder.bits(rex);
        return !columns.isEmpty() && columns.length() <= leftWidth;
    }

    private static boolean isRight(RexNode rex, int leftWidth) {
        ImmutableBitSet columns = RelOptUtil.InputFinder.bits(rex);
        return !columns.isEmpty() && columns.nth(0) >= leftWidth;
    }
}
