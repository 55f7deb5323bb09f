package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.store.ArrowMessages.FileBlock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes one Arrow IPC file, a batch at a time, from numbers that lie anywhere: {@link #begin}, then the bytes of every buffer and
 * {@link #endBuffer}, then {@link #end}. Checksums are taken on the way. Batches whose place is known before those in front of
 * them are written can be written {@link #ahead}.
 */
final class BatchFile implements Closeable {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(SequentialFile.ALIGNMENT);

    private final Path path;
    private final Schema schema;
    private final WriteQueue queue;
    private final MappedFile resumed;
    private final List<BatchEntry> batches = new ArrayList<>();
    private final List<FileBlock> blocks = new ArrayList<>();
    private final CRC32C frame = new CRC32C();
    /** Where the first batch of what is written here begins. */
    private final long begun;

    private SequentialFile file;
    /** What wrote the batches in front, which is done and may write others ahead. */
    private final Deque<SequentialFile> spare = new ArrayDeque<>();

    private long start;
    private long end;
    private int messageLength;
    private long rows;
    private long[] buffers = {};
    private int buffer;
    private long bufferStart;

    private BatchFile(Path path, Schema schema, WriteQueue queue, SequentialFile file, MappedFile resumed) {
        this.path = path;
        this.schema = schema;
        this.queue = queue;
        this.file = file;
        this.begun = file.position();
        this.resumed = resumed;
    }

    static BatchFile create(Path path, Schema schema, WriteQueue queue) throws IOException {
        MappedFile nothing = MappedFile.of(path, schema, new MappedBatch[0]);
        BatchFile created = new BatchFile(path, schema, queue, SequentialFile.open(path, 0, queue), nothing);
        ByteBuffer head = ArrowMessages.head(schema);
        created.frame.update(head.duplicate());
        created.put(head);
        return created;
    }

    /** Goes on after the given batches, which are read and compared with their checksums; what comes behind them is cut off. */
    static BatchFile resume(Path path, Schema schema, WriteQueue queue, List<BatchEntry> entries) throws IOException {
        ByteBuffer head = ArrowMessages.head(schema);
        long position = head.remaining();
        List<FileBlock> blocks = new ArrayList<>();
        MappedBatch[] mapped;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (BatchEntry entry : entries) {
                if (entry.offset() != position || position + entry.length() > channel.size()) {
                    throw unsound(path, entries.indexOf(entry), entry);
                }
                position += entry.length();
            }
            mapped = MappedFile.map(path, channel, entries);
        }
        for (int i = 0; i < mapped.length; i++) {
            BatchEntry entry = entries.get(i);
            if (!mapped[i].isSound()) {
                throw unsound(path, i, entry);
            }
            int message = mapped[i].messageLength();
            blocks.add(new FileBlock(entry.offset(), message, entry.length() - message));
        }
        MappedFile committed = MappedFile.of(path, schema, mapped);
        BatchFile resumed = new BatchFile(path, schema, queue, SequentialFile.open(path, position, queue), committed);
        resumed.frame.update(head);
        resumed.batches.addAll(entries);
        resumed.blocks.addAll(blocks);
        return resumed;
    }

    private static VitrineException unsound(Path path, int number, BatchEntry entry) {
        return new VitrineException(
                ErrorCode.BAD_STORE,
                path + ", batch " + number + " at offset " + entry.offset()
                        + " is not as it was committed: the run cannot be resumed, extract it anew");
    }

    /** Where the next batch begins. */
    long position() {
        return file.position();
    }

    /**
     * Writes batches from a later multiple of {@link SequentialFile#ALIGNMENT} on while those in front are being written; {@link #join}
     * when these are, or close what is given here.
     */
    BatchFile ahead(long position) throws IOException {
        SequentialFile from = spare.poll();
        if (from == null) {
            from = SequentialFile.ahead(path, position, queue);
        } else {
            from.moveTo(position);
        }
        return new BatchFile(path, schema, queue, from, resumed);
    }

    /** Goes on behind batches that were written ahead, which must begin where those here end. */
    void join(BatchFile ahead) {
        if (ahead.begun != position()) {
            throw new IllegalStateException(
                    path + ": batches were written ahead at " + ahead.begun + ", those before end at " + position());
        }
        file.settle();
        file.rest();
        spare.add(file);
        file = ahead.file;
        batches.addAll(ahead.batches);
        blocks.addAll(ahead.blocks);
    }

    /** The batches that were in the file when it was opened. */
    MappedFile resumed() {
        return resumed;
    }

    List<BatchEntry> batches() {
        return batches;
    }

    /** Begins a batch; the arguments are those of {@link ArrowMessages#batch}. */
    void begin(long rowCount, long[] nodes, long[] bufferLengths, int endAlignment) {
        start = file.position();
        rows = rowCount;
        buffers = bufferLengths;
        buffer = 0;
        file.beginChecksum();
        ArrowMessages.BatchHead head = ArrowMessages.batch(rowCount, nodes, bufferLengths, start, endAlignment);
        end = start + head.length();
        messageLength = head.message().remaining();
        put(head.message());
        bufferStart = file.position();
    }

    /** Appends the first integers of an array to the current buffer of the batch, which holds nothing but numbers of four bytes. */
    void putInts(int[] values, int length) {
        file.putInts(values, length);
    }

    /** Appends a number to the current buffer of the batch, which holds nothing but numbers of four bytes. */
    void putFloat(float value) {
        file.putFloat(value);
    }

    /** Appends a number to the current buffer of the batch, which holds nothing but numbers of eight bytes. */
    void putDouble(double value) {
        file.putDouble(value);
    }

    /** Appends all that remains in {@code bytes} to the current buffer of the batch. */
    void put(ByteBuffer bytes) {
        file.put(bytes, bytes.position(), bytes.remaining());
    }

    /** Appends {@code length} bytes that begin at {@code from} to the current buffer of the batch. */
    void put(ByteBuffer bytes, int from, int length) {
        file.put(bytes, from, length);
    }

    void endBuffer() {
        long written = file.position() - bufferStart;
        long length = buffers[buffer];
        if (written != length) {
            throw new IllegalStateException(
                    path + ": buffer " + buffer + " got " + written + " bytes, announced were " + length);
        }
        put(ZEROS.duplicate().limit((int) (ArrowMessages.padded(length) - length)));
        buffer++;
        bufferStart = file.position();
    }

    void end() {
        if (buffer != buffers.length) {
            throw new IllegalStateException(
                    path + ": batch ends after " + buffer + " of " + buffers.length + " buffers");
        }
        put(ZEROS.duplicate().limit((int) (end - file.position())));
        long length = end - start;
        batches.add(new BatchEntry(start, length, rows, hex(file.checksum())));
        blocks.add(new FileBlock(start, messageLength, length - messageLength));
    }

    /** Hands all batches ended so far to the queue: when that has come so far, they outlive the process. */
    void settle() {
        file.settle();
    }

    /** Writes the footer, brings all to the disk and closes the file. */
    FileEntry finish() throws IOException {
        ByteBuffer tail = ArrowMessages.tail(schema, blocks);
        frame.update(tail.duplicate());
        put(tail);
        long length = file.position();
        file.finish();
        long allRows = batches.stream().mapToLong(BatchEntry::rows).sum();
        return new FileEntry(path.getFileName().toString(), length, allRows, hex(frame), batches);
    }

    @Override
    public void close() throws IOException {
        file.close();
        for (SequentialFile each : spare) {
            each.close();
        }
    }

    static String hex(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
