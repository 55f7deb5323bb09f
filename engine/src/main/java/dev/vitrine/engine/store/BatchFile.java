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
 * Writes one Arrow IPC file, a batch at a time, from buffers that lie anywhere: {@link #begin}, then the bytes of every buffer by
 * {@link #write} and {@link #endBuffer}, then {@link #end}. Checksums are taken on the way.
 */
final class BatchFile implements Closeable {
    /** How much may wait in the page cache before it is sent to the disk, so that the last fsync of a run finds little left. */
    private static final long FORCE_EVERY = 256L << 20;

    private final Path path;
    private final Schema schema;
    private final FileChannel channel;
    private final List<BatchEntry> batches = new ArrayList<>();
    private final List<FileBlock> blocks = new ArrayList<>();
    private final CRC32C frame = new CRC32C();
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ArrowMessages.ALIGNMENT);
    private long position;
    private long forced;

    private long start;
    private int messageLength;
    private long rows;
    private long[] buffers = {};
    private int buffer;
    private long written;

    private BatchFile(Path path, Schema schema, FileChannel channel) {
        this.path = path;
        this.schema = schema;
        this.channel = channel;
    }

    static BatchFile create(Path path, Schema schema) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        BatchFile file = new BatchFile(path, schema, channel);
        ByteBuffer head = ArrowMessages.head(schema);
        file.frame.update(head.duplicate());
        file.append(head);
        return file;
    }

    /** Goes on after the given batches, which are read and compared with their checksums; what comes behind them is cut off. */
    static BatchFile resume(Path path, Schema schema, List<BatchEntry> batches) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        BatchFile file = new BatchFile(path, schema, channel);
        ByteBuffer head = ArrowMessages.head(schema);
        file.frame.update(head.duplicate());
        file.position = head.remaining();
        for (BatchEntry entry : batches) {
            file.adopt(entry);
        }
        channel.truncate(file.position).position(file.position);
        return file;
    }

    private void adopt(BatchEntry entry) throws IOException {
        boolean sound = entry.offset() == position
                && entry.length() <= Integer.MAX_VALUE
                && entry.offset() + entry.length() <= channel.size();
        if (sound) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), entry.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
            checksum.reset();
            checksum.update(bytes.duplicate());
            int message = ArrowMessages.length(bytes);
            sound = hex(checksum).equals(entry.crc32c());
            blocks.add(new FileBlock(position, message, entry.length() - message));
        }
        if (!sound) {
            throw new VitrineException(
                    ErrorCode.BAD_STORE,
                    path + ", batch " + batches.size() + " at offset " + entry.offset()
                            + " is not as it was committed: the run cannot be resumed, extract it anew");
        }
        batches.add(entry);
        position += entry.length();
    }

    List<BatchEntry> batches() {
        return batches;
    }

    void begin(long rowCount, long[] nodes, long[] bufferLengths) throws IOException {
        start = position;
        rows = rowCount;
        buffers = bufferLengths;
        buffer = 0;
        written = 0;
        checksum.reset();
        ByteBuffer message = ArrowMessages.batch(rowCount, nodes, bufferLengths, position);
        messageLength = message.remaining();
        put(message);
    }

    /** Appends to the current buffer of the batch: all that remains in {@code bytes}. */
    void write(ByteBuffer bytes) throws IOException {
        written += bytes.remaining();
        put(bytes);
    }

    void endBuffer() throws IOException {
        long length = buffers[buffer];
        if (written != length) {
            throw new IllegalStateException(
                    path + ": buffer " + buffer + " got " + written + " bytes, announced were " + length);
        }
        put(zeros.duplicate().limit((int) (ArrowMessages.padded(length) - length)));
        buffer++;
        written = 0;
    }

    void end() throws IOException {
        if (buffer != buffers.length) {
            throw new IllegalStateException(
                    path + ": batch ends after " + buffer + " of " + buffers.length + " buffers");
        }
        long length = position - start;
        batches.add(new BatchEntry(start, length, rows, hex(checksum)));
        blocks.add(new FileBlock(start, messageLength, length - messageLength));
        if (position - forced > FORCE_EVERY) {
            channel.force(false);
            forced = position;
        }
    }

    /** Writes the footer, brings all to the disk and closes the file. */
    FileEntry finish() throws IOException {
        ByteBuffer tail = ArrowMessages.tail(schema, blocks);
        frame.update(tail.duplicate());
        append(tail);
        channel.force(true);
        channel.close();
        long allRows = batches.stream().mapToLong(BatchEntry::rows).sum();
        return new FileEntry(path.getFileName().toString(), position, allRows, hex(frame), batches);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void put(ByteBuffer bytes) throws IOException {
        checksum.update(bytes.duplicate());
        append(bytes);
    }

    private void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes);
        }
    }

    static String hex(CRC32C crc) {
        return String.format("%08x", crc.getValue());
    }
}
