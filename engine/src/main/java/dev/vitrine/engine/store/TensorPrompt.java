package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a prompt in flight has for a tensor file: its units, which come in any order and wait for their turn. */
final class TensorPrompt implements AutoCloseable {
    private final TensorTable table;
    private final int index;
    private final int n;
    private final boolean shared;
    private final @Nullable Activation[] waiting;
    private final boolean[] taken;
    private final List<BatchPlan> batches;
    private @Nullable BatchFile file;
    private long end;
    /** Batches that are written, the one that is being written, and how many of its segments are. */
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
        this.waiting = new Activation[table.units().size()];
        this.taken = new boolean[table.units().size()];
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

    /** Takes a unit, which waits until it is taken out or written. */
    void put(int unit, Activation activation) {
        taken[unit] = true;
        waiting[unit] = activation;
    }

    /** A unit that did not come, or null if all did. */
    TensorTable.@Nullable Unit missing() {
        for (int unit = 0; unit < taken.length; unit++) {
            if (!taken[unit]) {
                return table.units().get(unit);
            }
        }
        return null;
    }

    /** Takes out a unit that waits; null if it does not. */
    @Nullable
    Activation take(int unit) {
        Activation activation = waiting[unit];
        waiting[unit] = null;
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
                Activation activation = waiting[segment.unitFrom()];
                if (activation == null) {
                    return;
                }
                if (batch == null) {
                    batch = new TensorBatch(to, table, batches.get(written), statistics);
                }
                int heads = segment.headTo() - segment.headFrom();
                batch.add(new Stretch(
                        segment, activation.heads(segment.headFrom(), heads, table.heads()), table.square()));
                writtenSegments++;
                if (segment.headTo() == table.heads()) {
                    close(segment.unitFrom());
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
        for (int unit = 0; unit < waiting.length; unit++) {
            close(unit);
        }
    }
}
