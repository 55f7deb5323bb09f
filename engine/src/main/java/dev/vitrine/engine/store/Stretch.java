package dev.vitrine.engine.store;

import java.nio.ByteBuffer;

/**
 * A segment and its numbers.
 *
 * @param bytes the tiles one after the other, little endian, from position to limit
 * @param square whether the tiles are [n, n] although the table keeps only the lower triangle
 */
record Stretch(Segment segment, ByteBuffer bytes, boolean square) {
    /** Where a row begins in {@link #bytes}, counted in numbers. */
    int rowStart(TensorTable table, int tile, int pos) {
        int n = segment.n();
        long start = square ? ((long) tile * n + pos) * n : tile * table.tileNumbers(n) + table.rowStart(n, pos);
        return Math.toIntExact(start);
    }
}
