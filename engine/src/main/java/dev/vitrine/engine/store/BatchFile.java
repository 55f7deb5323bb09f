package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.store.ArrowMessages.FileBlock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes one Arrow IPC file, a batch at a time, from numbers that lie anywhere: {@link #begin}, then the bytes of every buffer and
 * {@link #endBuffer}, then {@link #end}. Checksums are taken on the way.
 */
final class BatchFile implements Closeable {
    private final Path path;
    private final Schema schema;
    private final SequentialFile file;
    private final List<BatchEntry> batches = new ArrayList<>();
    private final List<FileBlock> blocks = new ArrayList<>();
    private final CRC32C frame = new CRC32C();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ArrowMessages.ALIGNMENT);

    private long start;
    private int messageLength;
    private long rows;
    private long[] buffers = {};
    private int buffer;
    private long bufferStart;

    private BatchFile(Path path, Schema schema, SequentialFile file) {
        this.path = path;
        this.schema = schema;
        this.file = file;
    }

    static BatchFile create(Path path, Schema schema) throws IOException {
        BatchFile created = new BatchFile(path, schema, SequentialFile.open(path, 0));
        ByteBuffer head = ArrowMessages.head(schema);
        created.frame.update(head.duplicate());
        created.put(head);
        return created;
    }

    /** Goes on after the given batches, which are read and compared with their checksums; what comes behind them is cut off. */
    static BatchFile resume(Path path, Schema schema, List<BatchEntry> entries) throws IOException {
        ByteBuffer head = ArrowMessages.head(schema);
        long position = head.remaining();
        List<FileBlock> blocks = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (BatchEntry entry : entries) {
                blocks.add(sound(path, channel, position, entry, blocks.size()));
                position += entry.length();
            }
        }
        BatchFile resumed = new BatchFile(path, schema, SequentialFile.open(path, position));
        resumed.frame.update(head);
        resumed.batches.addAll(entries);
        resumed.blocks.addAll(blocks);
        return resumed;
    }

    private static FileBlock sound(Path path, FileChannel channel, long position, BatchEntry entry, int number)
            throws IOException {
        boolean whole = entry.offset() == position
                && entry.length() <= Integer.MAX_VALUE
                && entry.offset() + entry.length() <= channel.size();
        if (whole) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), entry.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
            CRC32C crc = new CRC32C();
            crc.update(bytes.duplicate());
            if (hex(crc).equals(entry.crc32c())) {
                int message = ArrowMessages.length(bytes);
                return new FileBlock(position, message, entry.length() - message);
            }
        }
        throw new VitrineException(
                ErrorCode.BAD_STORE,
                path + ", batch " + number + " at offset " + entry.offset()
                        + " is not as it was committed: the run cannot be resumed, extract it anew");
    }

    List<BatchEntry> batches() {
        return batches;
    }

    void begin(long rowCount, long[] nodes, long[] bufferLengths) throws IOException {
        start = file.position();
        rows = rowCount;
        buffers = bufferLengths;
        buffer = 0;
        file.beginChecksum();
        ByteBuffer message = ArrowMessages.batch(rowCount, nodes, bufferLengths, start);
        messageLength = message.remaining();
        put(message);
        bufferStart = file.position();
    }

    /** Appends an integer to the current buffer of the batch, which holds nothing but numbers of four bytes. */
    void putInt(int value) throws IOException {
        file.putInt(value);
    }

    /** Appends a number to the current buffer of the batch, which holds nothing but numbers of four bytes. */
    void putFloat(float value) throws IOException {
        file.putFloat(value);
    }

    /** Appends all that remains in {@code bytes} to the current buffer of the batch. */
    void put(ByteBuffer bytes) throws IOException {
        file.put(bytes, bytes.position(), bytes.remaining());
    }

    /** Appends {@code length} bytes that begin at {@code from} to the current buffer of the batch. */
    void put(ByteBuffer bytes, int from, int length) throws IOException {
        file.put(bytes, from, length);
    }

    void endBuffer() throws IOException {
        long written = file.position() - bufferStart;
        long length = buffers[buffer];
        if (written != length) {
            throw new IllegalStateException(
                    path + ": buffer " + buffer + " got " + written + " bytes, announced were " + length);
        }
        put(zeros.duplicate().limit((int) (ArrowMessages.padded(length) - length)));
        buffer++;
        bufferStart = file.position();
    }

    void end() throws IOException {
        if (buffer != buffers.length) {
            throw new IllegalStateException(
                    path + ": batch ends after " + buffer + " of " + buffers.length + " buffers");
        }
        long length = file.position() - start;
        batches.add(new BatchEntry(start, length, rows, hex(file.checksum())));
        blocks.add(new FileBlock(start, messageLength, length - messageLength));
    }

    /** Hands all batches ended so far to the system, so that they outlive the process. */
    void settle() throws IOException {
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
    }

    static String hex(CRC32C crc) {
        return String.format("%08x", crc.getValue());
    }
}
