package dev.vitrine.sql.tensor.code;

import dev.vitrine.udfs.correlation.WeightedCorrelation;
import java.util.List;
import org.apache.calcite.rex.RexNode;

/**
 * {@code weighted_corr} along the innermost loop with a weight that the loop does not change: sums about the first pair of a row in locals,
 * {@link WeightedCorrelation#addEven added} at the end of the row.
 */
final class EvenCorrelation {
    private static final List<String> SUMS = List.of("sx", "sy", "sxx", "syy", "sxy");
    static final int WEIGHT = 2;

    private EvenCorrelation() {}

    /** Whether an accumulator is of this form. */
    static boolean is(NestWriter nest, Accumulator accumulator) {
        if (accumulator.function() == null || accumulator.function().implementation() != WeightedCorrelation.class) {
            return false;
        }
        RexNode weight = accumulator.arguments().get(WEIGHT);
        return !weight.getType().isNullable() && nest.levels.of(weight) < nest.levels.last() && MayFail.never(weight);
    }

    /** The locals, named after {@code p}: the pairs' number, the first pair, and sums by lane. */
    static void declare(StringBuilder row, String p, int lanes) {
        row.append("long " + p + "n = 0;\ndouble " + p + "x = 0;\ndouble " + p + "y = 0;\n");
        for (int lane = 0; lane < lanes; lane++) {
            for (String sum : SUMS) {
                row.append("double " + p + sum + lane + " = 0;\n");
            }
        }
    }

    /** Adds a pair to a lane. */
    static String add(String p, int lane, String x, String y) {
        return "{\nif (" + p + "n++ == 0) {\n" + p + "x = " + x + ";\n" + p + "y = " + y + ";\n}\n"
                + "final double dx = " + x + " - " + p + "x;\n"
                + "final double dy = " + y + " - " + p + "y;\n"
                + p + "sx" + lane + " += dx;\n"
                + p + "sy" + lane + " += dy;\n"
                + fused(p + "sxx" + lane, "dx", "dx") + "\n"
                + fused(p + "syy" + lane, "dy", "dy") + "\n"
                + fused(p + "sxy" + lane, "dx", "dy") + "\n}";
    }

    /** One operation of the processor's, where a sum and a product would be two that wait for each other. */
    private static String fused(String sum, String a, String b) {
        return sum + " = Math.fma(" + a + ", " + b + ", " + sum + ");";
    }

    /** The group's state with the row's pairs added. */
    static String added(String state, String weight, String p, int lanes) {
        StringBuilder call = new StringBuilder(WeightedCorrelation.class.getCanonicalName() + ".addEven(");
        call.append(state + ", " + weight + ", " + p + "n, " + p + "x, " + p + "y");
        for (String sum : SUMS) {
            String separator = ", ";
            for (int lane = 0; lane < lanes; lane++) {
                call.append(separator).append(p).append(sum).append(lane);
                separator = " + ";
            }
        }
        return call.append(")").toString();
    }
}
