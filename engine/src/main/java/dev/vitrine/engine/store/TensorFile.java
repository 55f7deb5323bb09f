package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one tensor file of a run, prompt by prompt. The numbers of short prompts are collected and share a batch; what a long prompt
 * has goes to the file from the tensors' own memory, in batches of one or more layers. Several prompts may be in flight: a long one
 * behind another is written beside it, since its place in the file follows from the lengths; any other waits until those before it
 * have ended. The file is the same whichever is faster. Thread-safe: passes that are computed side by side each write their own prompts.
 */
final class TensorFile implements Closeable {
    /** How the file ends in which numbers wait for a batch. */
    static final String STAGING = ".staging";
    /** What a prompt may have at most to be collected with others, in bytes of numbers. */
    private static final int SHORT_BYTES = 1 << 20;
    /** The size of their common batch. */
    private static final int SHARED_BYTES = 16 << 20;

    private final TensorTable table;
    private final BatchFile file;
    private final @Nullable AttentionStatistics statistics;
    private final Staging staging;
    private final List<Segment> staged = new ArrayList<>();
    private final CRC32C stagedChecksum = new CRC32C();
    private int stagedBytes;
    private int stagedFrom;
    private int journaledBatches;
    /** How many prompts are written beside the first at most: each has a buffer and an open file. */
    private static final int BESIDE = 2;
    /** Prompts in flight, in their order, and how many of them have begun to go where they belong. */
    private final List<TensorPrompt> flight = new ArrayList<>();

    private int started;

    private TensorFile(Path folder, WriteQueue queue, TensorTable table, BatchFile file, Staging staging)
            throws IOException {
        this.table = table;
        this.file = file;
        this.statistics = table.attention() ? new AttentionStatistics(folder, queue, table, file.resumed()) : null;
        this.staging = staging;
    }

    static TensorFile create(Path folder, WriteQueue queue, TensorTable table) throws IOException {
        Path path = folder.resolve(table.layout().file());
        BatchFile file = BatchFile.create(path, table.schema(), queue);
        return new TensorFile(folder, queue, table, file, Staging.open(staging(path), SHARED_BYTES, 0));
    }

    /** Goes on where a journal says; the prompts before must then be given to {@link #skip}. */
    static TensorFile resume(Path folder, WriteQueue queue, TensorTable table, Journal.FileState state)
            throws IOException {
        Path path = folder.resolve(table.layout().file());
        BatchFile file = BatchFile.resume(path, table.schema(), queue, state.batches());
        Staging staging = Staging.open(staging(path), SHARED_BYTES, state.stagedBytes());
        TensorFile tensor = new TensorFile(folder, queue, table, file, staging);
        tensor.journaledBatches = state.batches().size();
        tensor.stagedFrom = state.stagedFrom();
        tensor.stagedChecksum.update(staging.upTo(state.stagedBytes()).slice(0, state.stagedBytes()));
        if (!BatchFile.hex(tensor.stagedChecksum).equals(state.stagedCrc32c())) {
            throw new VitrineException(
                    ErrorCode.BAD_STORE,
                    staging(path) + " is not as it was committed: the run cannot be resumed, extract it anew");
        }
        return tensor;
    }

    /** Takes note of a prompt that was committed before. */
    synchronized void skip(int prompt, int n) {
        if (prompt >= stagedFrom) {
            stage(prompt, n);
        } else if (statistics != null) {
            statistics.skip(n);
        }
    }

    /** How far the file is, with the batches that came since this was last asked; they outlive the process once the queue is so far. */
    synchronized Journal.FileState state() {
        file.settle();
        List<BatchEntry> batches = file.batches();
        List<BatchEntry> fresh = List.copyOf(batches.subList(journaledBatches, batches.size()));
        journaledBatches = batches.size();
        int from = staged.isEmpty() ? Integer.MAX_VALUE : staged.get(0).prompt();
        return new Journal.FileState(table.layout().file(), fresh, from, stagedBytes, BatchFile.hex(stagedChecksum));
    }

    static Path staging(Path file) {
        return file.resolveSibling(file.getFileName() + STAGING);
    }

    /** Begins the next prompt. */
    synchronized void begin(int prompt, int n) {
        long tile = tileBytes(n);
        if (tile > BatchPlan.MOST_BYTES) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "prompt " + prompt + ": one head's " + table.layout().file() + " has " + tile + " bytes for " + n
                            + " tokens; a record batch holds at most " + BatchPlan.MOST_BYTES);
        }
        flight.add(new TensorPrompt(table, prompt, n, table.tiles() * tile <= SHORT_BYTES));
    }

    /**
     * Sends what was committed and waits to the file where the first prompt in flight needs its place. What was committed goes there only
     * here, never together with what is in flight; where the result is true, the journal must have learnt of it before {@link #start}.
     */
    synchronized boolean makeRoom() throws IOException {
        if (started > 0 || flight.isEmpty() || staged.isEmpty()) {
            return false;
        }
        TensorPrompt first = flight.get(0);
        boolean room = first.shared() && stagedBytes + table.tiles() * tileBytes(first.n()) <= SHARED_BYTES;
        if (!room) {
            flushStaged();
        }
        return !room;
    }

    /** Finds the place of those prompts in flight that have none and now could. */
    synchronized void start() throws IOException {
        while (started < flight.size()) {
            TensorPrompt prompt = flight.get(started);
            if (started > 0) {
                TensorPrompt before = flight.get(started - 1);
                BatchFile beside = before.file();
                if (prompt.shared() || beside == null || started > BESIDE) {
                    return;
                }
                prompt.writeTo(file.ahead(before.end()));
            } else if (!prompt.shared()) {
                prompt.writeTo(file);
            }
            started++;
        }
    }

    /** Takes the next rows of a unit of a prompt in flight, units in any order, and closes them when they are written. */
    synchronized void put(int index, int unit, Activation activation) throws IOException {
        TensorPrompt prompt = flight.get(index - flight.get(0).index());
        prompt.put(unit, activation);
        write(prompt);
    }

    private void write(TensorPrompt prompt) throws IOException {
        BatchFile to = prompt.file();
        if (to != null) {
            prompt.write(to, statistics);
        } else if (prompt.shared() && started > 0 && prompt == flight.get(0)) {
            stage(prompt);
        }
    }

    /** Ends the first prompt in flight; the name of a unit that did not come, or null if all did. */
    synchronized TensorTable.@Nullable Unit end() throws IOException {
        TensorPrompt prompt = flight.get(0);
        TensorTable.Unit missing = prompt.missing();
        if (missing != null) {
            return missing;
        }
        write(prompt);
        if (prompt.shared()) {
            int from = stagedBytes;
            stage(prompt.index(), prompt.n());
            stagedChecksum.update(staging.upTo(stagedBytes).slice(from, stagedBytes - from));
        } else {
            BatchFile to = prompt.file();
            if (to != file) {
                file.join(requireNonNull(to));
            }
            if (statistics != null) {
                statistics.endPrompts(prompt.index() + 1);
            }
        }
        flight.remove(0);
        started--;
        return null;
    }

    /** Closes the last batch. */
    synchronized void flush() throws IOException {
        if (!staged.isEmpty()) {
            flushStaged();
        }
    }

    /** Ends the file, and that of its tiles where it has one. */
    synchronized List<FileEntry> finish() throws IOException {
        return statistics == null ? List.of(file.finish()) : List.of(file.finish(), statistics.finish());
    }

    @Override
    public synchronized void close() throws IOException {
        for (TensorPrompt prompt : flight) {
            prompt.close();
            BatchFile ahead = prompt.file();
            if (ahead != null && ahead != file) {
                ahead.close();
            }
        }
        file.close();
        staging.close();
        if (statistics != null) {
            statistics.close();
        }
    }

    private long tileBytes(int n) {
        return table.tileNumbers(n) * table.type().bytes();
    }

    /** Notes that a prompt's numbers are staged. */
    private void stage(int prompt, int n) {
        staged.add(new Segment(prompt, n, 0, table.units().size(), 0, table.heads()));
        stagedBytes += Math.toIntExact(table.tiles() * tileBytes(n));
    }

    private void stage(TensorPrompt prompt) throws IOException {
        for (int unit = 0; unit < table.units().size(); unit++) {
            int row = prompt.row(unit);
            for (Activation next = prompt.take(unit); next != null; next = prompt.take(unit)) {
                try (Activation activation = next) {
                    stage(prompt.n(), unit, row, activation);
                }
                row = prompt.row(unit);
            }
        }
    }

    /** Copies the rows of a unit from one on. */
    private void stage(int n, int unit, int first, Activation activation) throws IOException {
        int tile = (int) tileBytes(n);
        int size = table.type().bytes();
        int begin = stagedBytes + unit * table.heads() * tile;
        int end = first + activation.rows();
        ByteBuffer into = staging.upTo(begin + (end + n - 1) / n * tile);
        ByteBuffer from = activation.rows(0, activation.rows());
        if (!table.square()) {
            into.put(begin + first * activation.rowBytes(), from, 0, from.capacity());
            return;
        }
        for (int row = first; row < end; row++) {
            int at = begin + row / n * tile + (int) table.rowStart(n, row % n) * size;
            into.put(at, from, (row - first) * activation.rowBytes(), table.rowLength(n, row % n) * size);
        }
    }

    private void flushStaged() throws IOException {
        ByteBuffer bytes = staging.upTo(stagedBytes);
        BatchPlan plan = new BatchPlan(table, staged, ArrowMessages.ALIGNMENT);
        TensorBatch batch = new TensorBatch(file, table, plan, statistics);
        int at = 0;
        for (Segment segment : staged) {
            int length = (int) segment.numbers(table) * table.type().bytes();
            batch.add(new Stretch(segment, 0, Math.toIntExact(segment.rows()), bytes.slice(at, length), 0));
            at += length;
        }
        batch.end();
        if (statistics != null) {
            statistics.endPrompts(staged.get(staged.size() - 1).prompt() + 1);
        }
        staged.clear();
        stagedBytes = 0;
        stagedChecksum.reset();
    }
}
