package dev.vitrine.engine.model.architecture;

/**
 * A matrix whose rows are looked up.
 *
 * @param name the tensor in the file
 * @param columns width of a row
 */
public record Table(String name, int rows, int columns) {}
