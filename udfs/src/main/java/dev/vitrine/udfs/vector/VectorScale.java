package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** factor · a. */
@SqlFunction(
        name = "vector_scale",
        arguments = {"a: a vector", "factor: what every element is multiplied by"},
        summary = "Product of a vector and a number; multiplied in DOUBLE, rounded to REAL once.",
        source = "definition",
        example =
                "SELECT layer, head, pos, vector_scale(vector, 0.125) AS scaled FROM queries WHERE prompt = 0 AND layer = 0 AND head = 0")
public final class VectorScale {
    private VectorScale() {}

    public static float[] eval(float[] a, double factor) {
        return VectorMath.scale(a, factor);
    }
}
