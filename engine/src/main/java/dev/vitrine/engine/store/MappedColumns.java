package dev.vitrine.engine.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A table of integers, texts and bits, addressed by row over all its batches. Thread-safe. */
final class MappedColumns {
    private final MappedFile file;
    private final String[] columns;
    private final AtomicReferenceArray<ByteBuffer> values;
    private final AtomicReferenceArray<ByteBuffer> offsets;

    /** @param columns the columns that will be read, numbered in this order */
    MappedColumns(MappedFile file, String... columns) {
        this.file = file;
        this.columns = columns;
        this.values = new AtomicReferenceArray<>(columns.length * file.batches());
        this.offsets = new AtomicReferenceArray<>(columns.length * file.batches());
    }

    long rows() {
        return file.firstRow(file.batches());
    }

    int integer(int column, long row) {
        int batch = file.batchOf(row);
        try {
            return values(column, batch).getInt(inBatch(batch, row) * Integer.BYTES);
        } catch (IndexOutOfBoundsException e) {
            throw outside(column, batch, e);
        }
    }

    boolean bit(int column, long row) {
        int batch = file.batchOf(row);
        int at = inBatch(batch, row);
        try {
            return (values(column, batch).get(at / Byte.SIZE) >> at % Byte.SIZE & 1) == 1;
        } catch (IndexOutOfBoundsException e) {
            throw outside(column, batch, e);
        }
    }

    String text(int column, long row) {
        int batch = file.batchOf(row);
        int at = inBatch(batch, row) * Integer.BYTES;
        try {
            ByteBuffer ends = offsets(column, batch);
            int start = ends.getInt(at);
            byte[] text = new byte[ends.getInt(at + Integer.BYTES) - start];
            values(column, batch).get(start, text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw outside(column, batch, e);
        }
    }

    private RuntimeException outside(int column, int batch, RuntimeException e) {
        return file.batch(batch)
                .damaged("has a value of " + columns[column] + " outside of its buffer: " + e.getMessage());
    }

    private int inBatch(int batch, long row) {
        return (int) (row - file.firstRow(batch));
    }

    private ByteBuffer values(int column, int batch) {
        int slot = column * file.batches() + batch;
        @Nullable ByteBuffer found = values.get(slot);
        if (found == null) {
            found = file.values(batch, columns[column]);
            values.set(slot, found);
        }
        return found;
    }

    private ByteBuffer offsets(int column, int batch) {
        int slot = column * file.batches() + batch;
        @Nullable ByteBuffer found = offsets.get(slot);
        if (found == null) {
            found = file.offsets(batch, columns[column]);
            offsets.set(slot, found);
        }
        return found;
    }
}
