package dev.vitrine.engine.model;

/**
 * How one layer's attention follows from its queries and keys: s = scale · q·kᵀ, then s = softcap · tanh(s / softcap) where there is
 * a cap, then the mask, then softmax over keys.
 *
 * @param scale factor on the dot product, usually d_head^-½
 * @param causal whether query i sees only keys j ≤ i
 * @param window query i sees only keys j with i − window &lt; j; 0 where there is no window
 * @param softcap the cap, 0 where there is none
 */
public record AttentionRule(double scale, boolean causal, int window, double softcap) {}
