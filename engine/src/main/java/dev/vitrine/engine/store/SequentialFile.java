package dev.vitrine.engine.store;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written front to back, past the page cache where the file system lets it: copying a gigabyte into the page cache
 * takes a core about a second, which the forward pass needs itself. Bytes are collected in an aligned buffer and go to the disk in
 * whole blocks; {@link #settle} sends the block begun as well.
 */
final class SequentialFile implements Closeable {
    /** What one write takes; larger ones were not faster on any disk tried. */
    private static final int CAPACITY = 1 << 20;
    /** How much may wait in the page cache before it is sent to the disk, so that the last fsync of a run finds little left. */
    private static final long FORCE_EVERY = 256L << 20;

    private final FileChannel channel;
    private final boolean direct;
    private final int block;
    private final ByteBuffer bytes;
    /** Where in the file the buffer begins: a multiple of the block. */
    private long start;
    /** Bytes at the buffer's begin that are in the file already, less than a block. */
    private int settled;

    private long forced;

    private SequentialFile(FileChannel channel, boolean direct, int block, long position) {
        this.channel = channel;
        this.direct = direct;
        this.block = block;
        this.settled = (int) (position % block);
        this.start = position - settled;
        this.bytes = ByteBuffer.allocateDirect(CAPACITY + block).alignedSlice(block);
        bytes.limit(CAPACITY).position(settled);
    }

    /** Opens or makes a file to write on from {@code position}, up to which it must reach; what stands behind is cut off. */
    static SequentialFile open(Path path, long position) throws IOException {
        try (FileChannel plain =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            plain.truncate(position);
            SequentialFile file = openToWrite(path, position);
            ByteBuffer begun = file.bytes.duplicate().flip();
            while (begun.hasRemaining()) {
                plain.read(begun, file.start + begun.position());
            }
            return file;
        }
    }

    private static SequentialFile openToWrite(Path path, long position) throws IOException {
        try {
            int block = Math.toIntExact(Files.getFileStore(path).getBlockSize());
            if (CAPACITY % block == 0) {
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
                return new SequentialFile(channel, true, block, position);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Memory and network file systems say here that they cannot, each in words of its own; the next line says
            // what else is wrong.
        }
        return new SequentialFile(FileChannel.open(path, StandardOpenOption.WRITE), false, 1, position);
    }

    /** Where the next byte goes. */
    long position() {
        return start + bytes.position();
    }

    /** Appends all that remains in {@code more}. */
    void write(ByteBuffer more) throws IOException {
        while (more.hasRemaining()) {
            int length = Math.min(more.remaining(), bytes.remaining());
            bytes.put(bytes.position(), more, more.position(), length);
            bytes.position(bytes.position() + length);
            more.position(more.position() + length);
            if (!bytes.hasRemaining()) {
                send(CAPACITY);
                start += CAPACITY;
                settled = 0;
                bytes.clear().limit(CAPACITY);
            }
        }
    }

    /** Hands what was appended to the system, so that it outlives the process. The file may be longer until it is finished. */
    void settle() throws IOException {
        int end = bytes.position();
        if (end == settled) {
            return;
        }
        send(end);
        int whole = end - end % block;
        bytes.put(0, bytes, whole, end - whole);
        bytes.position(end - whole);
        start += whole;
        settled = end - whole;
        if (!direct && start - forced > FORCE_EVERY) {
            channel.force(false);
            forced = start;
        }
    }

    /** Settles everything, cuts off what stands behind it, and waits for the disk. */
    void finish() throws IOException {
        settle();
        channel.truncate(position());
        channel.force(true);
        channel.close();
    }

    /** Writes the buffer up to {@code end}, rounded up to a block. */
    private void send(int end) throws IOException {
        ByteBuffer blocks = bytes.duplicate().position(0).limit((end + block - 1) / block * block);
        while (blocks.hasRemaining()) {
            channel.write(blocks, start + blocks.position());
            // A write that stopped inside a block is taken up at the block's begin.
            blocks.position(blocks.position() / block * block);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
