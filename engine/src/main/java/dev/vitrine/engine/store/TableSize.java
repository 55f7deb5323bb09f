package dev.vitrine.engine.store;

/**
 * What a table of a run has of one prompt.
 *
 * @param table its name in SQL
 * @param bytes in its file, without the headers of record batches
 */
public record TableSize(String table, long rows, long bytes) {}
