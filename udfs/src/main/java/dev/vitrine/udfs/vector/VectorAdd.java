package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;

/** a + b. */
@SqlFunction(
        name = "vector_add",
        arguments = {"a: a vector", "b: a vector of the same length"},
        summary = "Sum, element by element, in REAL.",
        source = "definition",
        example =
                "SELECT layer, pos, vector_add(a.vector, b.vector) AS written FROM hidden_states a JOIN hidden_states b USING (run, prompt, layer, pos) WHERE a.prompt = 0 AND a.site = 'attn_out' AND b.site = 'mlp_out'")
public final class VectorAdd {
    private VectorAdd() {}

    public static float[] eval(float[] a, float[] b) {
        return VectorMath.add(a, b);
    }
}
