package dev.vitrine.udfs.vector;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/** a · b / (‖a‖ ‖b‖). */
@SqlFunction(
        name = "cosine_similarity",
        arguments = {"a: a vector", "b: a vector of the same length"},
        summary =
                "Cosine of the angle between two vectors, from -1 to 1; NULL where a vector has length zero, NaN where an element is NaN.",
        source = "definition",
        example =
                "SELECT layer, head, cosine_similarity(a.vector, b.vector) AS cosine FROM queries a JOIN queries b USING (run, prompt, layer, head) WHERE a.prompt = 0 AND a.pos = 0 AND b.pos = 1")
public final class CosineSimilarity {
    private CosineSimilarity() {}

    /** Null where a norm is 0: the angle is not defined, and NULL, unlike NaN, leaves an average over other rows alone. */
    public static @Nullable Double eval(float[] a, float[] b) {
        VectorMath.requireSameLength("cosine_similarity", a, b);
        double norms = VectorMath.norm(a) * VectorMath.norm(b);
        if (norms == 0) {
            return null;
        }
        double cosine = VectorMath.dot(a, b) / norms;
        return Math.max(-1, Math.min(1, cosine));
    }
}
