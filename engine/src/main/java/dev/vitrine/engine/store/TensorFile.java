package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one tensor file of a run, prompt by prompt. The numbers of short prompts are collected and share a batch; what a long prompt
 * has goes to the file from the tensors' own memory, in batches of one or more layers.
 */
final class TensorFile implements Closeable {
    /** How the file ends in which numbers wait for a batch. */
    static final String STAGING = ".staging";
    /** What a prompt may have at most to be collected with others, in bytes of numbers. */
    private static final int SHORT_BYTES = 1 << 20;
    /** The size of their common batch. */
    private static final int SHARED_BYTES = 16 << 20;
    /** A long prompt's layers share a batch until it has this many bytes. */
    private static final long LAYERS_BYTES = 4 << 20;
    /** Readers in other languages and Java's buffers stop at 2 GiB; columns beside the numbers take their share. */
    static final long BATCH_BYTES = 768L << 20;

    private final TensorTable table;
    private final BatchFile file;
    private final TensorBatch batch;
    private final @Nullable AttentionStatistics statistics;
    private final Staging staging;
    private final List<Segment> staged = new ArrayList<>();
    private final CRC32C stagedChecksum = new CRC32C();
    private int stagedBytes;
    private int stagedFrom;
    private int journaledBatches;

    private int prompt;
    private int n;
    private boolean shared;
    private final @Nullable Activation[] waiting;
    private final boolean[] taken;
    private int nextUnit;
    private final List<Stretch> ready = new ArrayList<>();
    private final List<Activation> readyActivations = new ArrayList<>();
    private long readyBytes;

    private TensorFile(Path folder, TensorTable table, BatchFile file, Staging staging) throws IOException {
        this.table = table;
        this.file = file;
        this.statistics = table.attention() ? new AttentionStatistics(folder, table, file.resumed()) : null;
        this.batch = new TensorBatch(file, table, statistics);
        this.staging = staging;
        this.waiting = new Activation[table.units().size()];
        this.taken = new boolean[table.units().size()];
    }

    static TensorFile create(Path folder, TensorTable table) throws IOException {
        Path path = folder.resolve(table.layout().file());
        BatchFile file = BatchFile.create(path, table.schema());
        return new TensorFile(folder, table, file, Staging.open(staging(path), SHARED_BYTES, 0));
    }

    /** Goes on where a journal says; the prompts before must then be given to {@link #skip}. */
    static TensorFile resume(Path folder, TensorTable table, Journal.FileState state) throws IOException {
        Path path = folder.resolve(table.layout().file());
        BatchFile file = BatchFile.resume(path, table.schema(), state.batches());
        Staging staging = Staging.open(staging(path), SHARED_BYTES, state.stagedBytes());
        TensorFile tensor = new TensorFile(folder, table, file, staging);
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
    void skip(int promptIndex, int tokens) {
        if (promptIndex >= stagedFrom) {
            prompt = promptIndex;
            n = tokens;
            stagePrompt();
        } else if (statistics != null) {
            statistics.skip(tokens);
        }
    }

    /** How far the file is, with the batches that came since this was last asked; they outlive the process. */
    Journal.FileState state() throws IOException {
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

    /**
     * Begins a prompt. What was committed and waits goes to the file only here, never together with what is in flight; then the result
     * is true, and the journal must learn of it before the prompt's numbers take its place.
     */
    boolean begin(int promptIndex, int tokens) throws IOException {
        prompt = promptIndex;
        n = tokens;
        if (tileBytes() > BATCH_BYTES) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "prompt " + prompt + ": one head's " + table.layout().file() + " has " + tileBytes() + " bytes for "
                            + n + " tokens; a record batch holds at most " + BATCH_BYTES);
        }
        long bytes = table.tiles() * tileBytes();
        shared = bytes <= SHORT_BYTES;
        nextUnit = 0;
        Arrays.fill(taken, false);
        if (!staged.isEmpty() && (!shared || stagedBytes + bytes > SHARED_BYTES)) {
            flushStaged();
            return true;
        }
        return false;
    }

    /** Takes one unit of the prompt, in any order, and closes it when it is written. */
    void put(int unit, Activation activation) throws IOException {
        taken[unit] = true;
        if (shared) {
            try (activation) {
                stage(unit, activation);
            }
            return;
        }
        waiting[unit] = activation;
        Activation next;
        while (nextUnit < waiting.length && (next = waiting[nextUnit]) != null) {
            waiting[nextUnit] = null;
            add(nextUnit, next);
            nextUnit++;
        }
    }

    /** Ends the prompt; the name of a unit that did not come, or null if all did. */
    TensorTable.@Nullable Unit end() throws IOException {
        for (int unit = 0; unit < taken.length; unit++) {
            if (!taken[unit]) {
                return table.units().get(unit);
            }
        }
        if (shared) {
            int from = stagedBytes;
            stagePrompt();
            stagedChecksum.update(staging.upTo(stagedBytes).slice(from, stagedBytes - from));
        } else {
            flushReady();
        }
        return null;
    }

    /** Closes the last batch. */
    void flush() throws IOException {
        if (!staged.isEmpty()) {
            flushStaged();
        }
    }

    /** Ends the file, and that of its tiles where it has one. */
    List<FileEntry> finish() throws IOException {
        return statistics == null ? List.of(file.finish()) : List.of(file.finish(), statistics.finish());
    }

    @Override
    public void close() throws IOException {
        for (int unit = 0; unit < waiting.length; unit++) {
            Activation activation = waiting[unit];
            if (activation != null) {
                activation.close();
                waiting[unit] = null;
            }
        }
        readyActivations.forEach(Activation::close);
        readyActivations.clear();
        staging.close();
        file.close();
        if (statistics != null) {
            statistics.close();
        }
    }

    private long tileBytes() {
        return table.tileNumbers(n) * table.type().bytes();
    }

    private boolean square() {
        return table.attention() && table.causal();
    }

    private Segment segment(int unitFrom, int unitTo, int headFrom, int headTo) {
        return new Segment(prompt, n, unitFrom, unitTo, headFrom, headTo);
    }

    private void stagePrompt() {
        staged.add(segment(0, table.units().size(), 0, table.heads()));
        stagedBytes += Math.toIntExact(table.tiles() * tileBytes());
    }

    private void stage(int unit, Activation activation) throws IOException {
        int tile = (int) tileBytes();
        int at = stagedBytes + unit * table.heads() * tile;
        ByteBuffer into = staging.upTo(at + table.heads() * tile);
        ByteBuffer from = activation.heads(0, table.heads(), table.heads());
        if (!square()) {
            into.put(at, from, 0, from.capacity());
            return;
        }
        int size = table.type().bytes();
        for (int head = 0; head < table.heads(); head++) {
            for (int query = 0; query < n; query++) {
                int row = (query + 1) * size;
                into.put(at, from, (head * n + query) * n * size, row);
                at += row;
            }
        }
    }

    private void add(int unit, Activation activation) throws IOException {
        int heads = table.heads();
        long unitBytes = heads * tileBytes();
        if (unitBytes <= BATCH_BYTES && activation.whole()) {
            readyActivations.add(activation);
            ready.add(new Stretch(segment(unit, unit + 1, 0, heads), activation.heads(0, heads, heads), square()));
            readyBytes += unitBytes;
            if (readyBytes >= LAYERS_BYTES) {
                flushReady();
            }
            return;
        }
        flushReady();
        try (activation) {
            for (int head = 0; head < heads; head++) {
                if (readyBytes + tileBytes() > BATCH_BYTES) {
                    flushReady();
                }
                ByteBuffer bytes = activation.heads(head, 1, heads);
                ready.add(new Stretch(segment(unit, unit + 1, head, head + 1), bytes, square()));
                readyBytes += tileBytes();
            }
            flushReady();
        }
    }

    private void flushReady() throws IOException {
        if (!ready.isEmpty()) {
            batch.write(ready);
        }
        ready.clear();
        readyBytes = 0;
        readyActivations.forEach(Activation::close);
        readyActivations.clear();
    }

    private void flushStaged() throws IOException {
        ByteBuffer bytes = staging.upTo(stagedBytes);
        List<Stretch> stretches = new ArrayList<>();
        int at = 0;
        for (Segment segment : staged) {
            int length = (int) segment.numbers(table) * table.type().bytes();
            stretches.add(new Stretch(segment, bytes.slice(at, length), false));
            at += length;
        }
        batch.write(stretches);
        staged.clear();
        stagedBytes = 0;
        stagedChecksum.reset();
    }
}
