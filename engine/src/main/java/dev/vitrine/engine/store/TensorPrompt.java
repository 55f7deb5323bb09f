package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a prompt in flight has for a tensor file: its units, which come in any order and wait for their turn, each whole or some rows after
 * the others.
 */
final class TensorPrompt implements AutoCloseable {
    private final TensorTable table;
    private final int index;
    private final int n;
    private final boolean shared;
    /** By unit, in the order of rows. */
    private final List<Deque<Activation>> waiting = new ArrayList<>();
    /** How many rows of each unit have come, and how many of them have been taken out or written. */
    private final int[] come;

    private final int[] gone;
    private final List<BatchPlan> batches;
    private @Nullable BatchFile file;
    private long end;
    /** Batches that are written, the one that is being written, and how many of its segments are whole. */
    private int written;

    private @Nullable TensorBatch batch;
    private int writtenSegments;

    /**
     * A prompt of n tokens.
     *
     * @param shared whether its numbers are staged to share a batch with others, or fill batches of their own
     */
    TensorPrompt(TensorTable table, int index, int n, boolean shared) {
        this.table = table;
        this.index = index;
        this.n = n;
        this.shared = shared;
        this.come = new int[table.units().size()];
        this.gone = new int[table.units().size()];
        for (int unit = 0; unit < come.length; unit++) {
            waiting.add(new ArrayDeque<>(1));
        }
        this.batches = shared ? List.of() : BatchPlan.ofPrompt(table, index, n);
    }

    int index() {
        return index;
    }

    int n() {
        return n;
    }

    boolean shared() {
        return shared;
    }

    /** Takes the next rows of a unit, which wait until they are taken out or written. */
    void put(int unit, Activation activation) {
        come[unit] += activation.rows();
        waiting.get(unit).add(activation);
    }

    /** A unit that did not come, or not with all rows; null if all did. */
    TensorTable.@Nullable Unit missing() {
        for (int unit = 0; unit < come.length; unit++) {
            if (come[unit] < table.unitRows(n)) {
                return table.units().get(unit);
            }
        }
        return null;
    }

    /** The row of a unit with which the next activation begins that {@link #take} gives. */
    int row(int unit) {
        return gone[unit];
    }

    /** Takes out the next rows of a unit that wait; null if none do. */
    @Nullable
    Activation take(int unit) {
        Activation activation = waiting.get(unit).poll();
        if (activation != null) {
            gone[unit] += activation.rows();
        }
        return activation;
    }

    /** Where the prompt's own batches go, or null while that is not known. */
    @Nullable
    BatchFile file() {
        return file;
    }

    /** Says where the prompt's own batches go: from the file's end on. */
    void writeTo(BatchFile to) {
        file = to;
        end = to.position();
        for (BatchPlan batch : batches) {
            end = batch.end(end);
        }
    }

    /** Where in the file the prompt's own batches will end. */
    long end() {
        return end;
    }

    /** Writes of the prompt's own batches what is next and waits. */
    void write(BatchFile to, @Nullable AttentionStatistics statistics) throws IOException {
        while (written < batches.size()) {
            List<Segment> segments = batches.get(written).segments();
            while (writtenSegments < segments.size()) {
                Segment segment = segments.get(writtenSegments);
                int unit = segment.unitFrom();
                Activation activation = waiting.get(unit).peek();
                if (activation == null) {
                    return;
                }
                if (batch == null) {
                    batch = new TensorBatch(to, table, batches.get(written), statistics);
                }
                int first = segment.headFrom() * n;
                int from = Math.max(first, row(unit));
                int end = row(unit) + activation.rows();
                int upTo = Math.min(segment.headTo() * n, end);
                ByteBuffer bytes = activation.rows(from - row(unit), upTo - from);
                batch.add(new Stretch(segment, from - first, upTo - first, bytes, activation.rowBytes()));
                if (upTo == end) {
                    close(unit);
                }
                if (upTo == segment.headTo() * n) {
                    writtenSegments++;
                }
            }
            requireNonNull(batch).end();
            batch = null;
            written++;
            writtenSegments = 0;
        }
    }

    private void close(int unit) {
        Activation activation = take(unit);
        if (activation != null) {
            activation.close();
        }
    }

    @Override
    public void close() {
        for (Deque<Activation> unit : waiting) {
            unit.forEach(Activation::close);
            unit.clear();
        }
    }
}
