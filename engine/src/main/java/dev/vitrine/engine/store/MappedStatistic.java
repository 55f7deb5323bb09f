package dev.vitrine.engine.store;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A statistic of every row of a file, as float64. Thread-safe; allocates only when a batch is first touched. */
final class MappedStatistic {
    private final MappedFile file;
    private final Statistic statistic;
    private final AtomicReferenceArray<ByteBuffer> batches;

    MappedStatistic(MappedFile file, Statistic statistic) {
        this.file = file;
        this.statistic = statistic;
        this.batches = new AtomicReferenceArray<>(file.batches());
    }

    double get(long row) {
        int batch = file.batchOf(row);
        return value(values(batch), (int) (row - file.firstRow(batch)));
    }

    /** Copies those of {@code length} rows, which lie in one batch, to the front of {@code into}. */
    void get(long row, double[] into, int length) {
        int batch = file.batchOf(row);
        ByteBuffer values = values(batch);
        int first = (int) (row - file.firstRow(batch));
        for (int i = 0; i < length; i++) {
            into[i] = value(values, first + i);
        }
    }

    private double value(ByteBuffer values, int index) {
        return statistic.isDouble() ? values.getDouble(index * Double.BYTES) : values.getFloat(index * Float.BYTES);
    }

    private ByteBuffer values(int batch) {
        ByteBuffer values = batches.get(batch);
        if (values == null) {
            values = file.values(batch, statistic.column());
            long rows = file.firstRow(batch + 1) - file.firstRow(batch);
            long expected = rows * statistic.bytes();
            if (values.capacity() != expected) {
                throw file.batch(batch)
                        .damaged("has " + values.capacity() + " bytes of " + statistic.column() + ", expected "
                                + expected);
            }
            batches.set(batch, values);
        }
        return values;
    }
}
