package dev.vitrine.engine.store;

import java.util.List;

/**
 * One file of a run, as the manifest lists it.
 *
 * @param name the file's name in the run's folder
 * @param bytes its size
 * @param rows rows in all its batches
 * @param frameCrc32c checksum of the bytes outside the batches: the schema in front and the footer behind them
 * @param batches its record batches in order
 */
public record FileEntry(String name, long bytes, long rows, String frameCrc32c, List<BatchEntry> batches) {
    public FileEntry {
        batches = List.copyOf(batches);
    }
}
