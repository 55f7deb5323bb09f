package dev.vitrine.engine.store;

import java.nio.ByteBuffer;

/**
 * Rows of a segment that follow each other, and their numbers.
 *
 * @param from the first row, counted from the segment's first tile on
 * @param to the last row, exclusive
 * @param bytes the rows one after the other, little endian, from position to limit
 * @param rowBytes from the begin of one row to that of the next, of which a causal model's attention keeps less; 0 where the rows have no
 *     gaps, whatever their lengths
 */
record Stretch(Segment segment, int from, int to, ByteBuffer bytes, int rowBytes) {}
