package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/**
 * From the last hidden state to logits.
 *
 * @param transform before the unembedding (masked language models), or null
 * @param unembedding to the vocabulary; the token table where the two are tied
 * @param softcap logits become cap · tanh(logits / cap); 0 for no cap
 */
public record Head(@Nullable Transform transform, Linear unembedding, double softcap) {
    static Head of(Linear unembedding) {
        return new Head(null, unembedding, 0);
    }

    /** norm(activation(dense(x))). */
    public record Transform(Linear dense, Activation activation, Norm norm) {}
}
