package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/**
 * A normalization over the last axis.
 *
 * @param weight the factor in the file, [width]; null for a norm without one
 * @param bias the summand in the file, [width]; null where there is none
 * @param epsilon added to the variance or to the mean square
 */
public record Norm(
        Kind kind, @Nullable String weight, @Nullable String bias, int width, double epsilon) {
    /** The formula. */
    public enum Kind {
        /** (x − mean) / √(variance + ε) · weight + bias; Ba et al. 2016. */
        LAYER,
        /** x / √(mean(x²) + ε) · weight; Zhang and Sennrich 2019. */
        RMS,
        /** RMS with the factor 1 + weight, as Gemma stores it. */
        RMS_PLUS_ONE
    }

    static Norm layer(TensorNames names, String name, int width, double epsilon) {
        // What was converted from TensorFlow in 2018 and 2019 has gamma and beta.
        boolean old = names.has(name + ".gamma") && !names.has(name + ".weight");
        return new Norm(
                Kind.LAYER, name + (old ? ".gamma" : ".weight"), name + (old ? ".beta" : ".bias"), width, epsilon);
    }

    static Norm rms(String name, int width, double epsilon) {
        return new Norm(Kind.RMS, name + ".weight", null, width, epsilon);
    }
}
