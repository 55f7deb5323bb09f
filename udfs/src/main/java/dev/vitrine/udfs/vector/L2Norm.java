package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** ‖a‖₂. */
@SqlFunction(
        name = "l2_norm",
        arguments = {"a: a vector"},
        summary = "Euclidean length of a vector; 0 for an empty vector, NaN where an element is NaN.",
        source = "definition",
        example =
                "SELECT layer, head, AVG(l2_norm(vector)) AS mean_norm FROM keys WHERE prompt = 0 GROUP BY layer, head")
public final class L2Norm {
    private L2Norm() {}

    public static double eval(float[] a) {
        return VectorMath.norm(a);
    }
}
