package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** a · b. */
@SqlFunction(
        name = "dot",
        arguments = {"a: a vector", "b: a vector of the same length"},
        summary = "Dot product; 0 for empty vectors, NaN where an element is NaN.",
        source = "definition",
        example =
                "SELECT layer, head, dot(q.vector, k.vector) AS score FROM queries q JOIN keys k USING (run, prompt, layer, head) WHERE q.prompt = 0 AND q.pos = 0 AND k.pos = 0")
public final class Dot {
    private Dot() {}

    public static double eval(float[] a, float[] b) {
        return VectorMath.dot(a, b);
    }
}
