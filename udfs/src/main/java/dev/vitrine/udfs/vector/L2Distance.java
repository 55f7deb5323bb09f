package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** ‖a − b‖₂. */
@SqlFunction(
        name = "l2_distance",
        arguments = {"a: a vector", "b: a vector of the same length"},
        summary = "Euclidean distance; 0 for empty vectors, NaN where an element is NaN.",
        source = "definition",
        example =
                "SELECT layer, head, l2_distance(q.vector, k.vector) AS distance FROM queries q JOIN keys k USING (run, prompt, layer, head) WHERE q.prompt = 0 AND q.pos = 0 AND k.pos = 0")
public final class L2Distance {
    private L2Distance() {}

    public static double eval(float[] a, float[] b) {
        return VectorMath.distance(a, b);
    }
}
