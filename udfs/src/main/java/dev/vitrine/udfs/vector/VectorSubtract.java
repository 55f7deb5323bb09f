package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** a − b. */
@SqlFunction(
        name = "vector_subtract",
        arguments = {"a: a vector", "b: a vector of the same length"},
        summary = "Difference a - b, element by element, in REAL.",
        source = "definition",
        example =
                "SELECT layer, pos, l2_norm(vector_subtract(b.vector, a.vector)) AS written FROM hidden_states a JOIN hidden_states b USING (run, prompt, layer, pos) WHERE a.prompt = 0 AND a.site = 'resid_pre' AND b.site = 'resid_post'")
public final class VectorSubtract {
    private VectorSubtract() {}

    public static float[] eval(float[] a, float[] b) {
        return VectorMath.subtract(a, b);
    }
}
