package dev.vitrine.engine.model.architecture;

/**
 * Rotary position embedding (Su et al. 2021), half-split: component i of a query or key is rotated with component i + dims/2, the rest
 * passes through.
 *
 * @param dims how many leading components of a head are rotated; even
 * @param theta base of the frequencies theta^(-2i/dims)
 */
public record Rotary(int dims, double theta, RopeScaling scaling) {}
