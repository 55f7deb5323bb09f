package dev.vitrine.engine.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A column of numbers over all batches of a file, addressed by one long index, as float32. Thread-safe; allocates only when a batch is
 * first touched.
 */
final class MappedNumbers {
    private final MappedFile file;
    private final String column;
    private final FloatType type;
    /** Index of the first number of each batch, and after the last the number of numbers. */
    private final long[] starts;

    private final AtomicReferenceArray<NumberView> views;

    /** @param starts index of each batch's first number, one more than there are batches */
    MappedNumbers(MappedFile file, String column, FloatType type, long[] starts) {
        this.file = file;
        this.column = column;
        this.type = type;
        this.starts = starts;
        this.views = new AtomicReferenceArray<>(file.batches());
    }

    /** Copies numbers that lie in one batch. */
    void get(long index, float[] into, int at, int length) {
        int batch = batchOf(index);
        view(batch).get((int) (index - starts[batch]), into, at, length);
    }

    float get(long index) {
        int batch = batchOf(index);
        return view(batch).get((int) (index - starts[batch]));
    }

    /** Index of the first number of a batch. */
    long start(int batch) {
        return starts[batch];
    }

    int batchOf(long index) {
        int found = Arrays.binarySearch(starts, index);
        // Where batches are empty the last of those that begin there holds the number; writers make none.
        return found >= 0 ? found : -found - 2;
    }

    NumberView view(int batch) {
        NumberView view = views.get(batch);
        if (view == null) {
            view = NumberView.of(values(batch), type);
            views.set(batch, view);
        }
        return view;
    }

    private ByteBuffer values(int batch) {
        ByteBuffer values = file.values(batch, column);
        long expected = (starts[batch + 1] - starts[batch]) * type.bytes();
        if (values.capacity() != expected) {
            throw file.batch(batch)
                    .damaged("has " + values.capacity() + " bytes of " + column + ", expected " + expected);
        }
        return values;
    }
}
