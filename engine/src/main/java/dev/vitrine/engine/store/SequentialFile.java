package dev.vitrine.engine.store;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file that is written front to back, past the page cache where the file system lets it: copying a gigabyte into the page cache
 * takes a core about a second, which the forward pass needs itself. Bytes are collected in an aligned buffer, which a
 * {@link WriteQueue} writes in whole blocks while the next one is filled; {@link #settle} sends the block begun as well. Checksums are
 * taken from the buffer, which the processor's cache holds.
 */
final class SequentialFile implements Closeable {
    /** A multiple of the blocks written past the page cache: up to here one may write a file, and from here on another. */
    static final int ALIGNMENT = 4 << 10;
    /** Summed at a time at most, so that it is in the cache of the first or second level still. */
    private static final int SUMMED = 128 << 10;
    /** How much may wait in the page cache before it is sent to the disk, so that the last fsync of a run finds little left. */
    private static final long FORCE_EVERY = 256L << 20;

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

    private final FileChannel channel;
    private final WriteQueue queue;
    private final boolean direct;
    private final int block;
    private ByteBuffer bytes;
    /** Where in the file the buffer begins: a multiple of the block. */
    private long start;
    /** Bytes at the buffer's begin that are in the file already, less than a block. */
    private int settled;
    /** Bytes at the buffer's begin that the checksum covers, or the one before did. */
    private int summed;

    private final CRC32C checksum = new CRC32C();

    private long forced;

    private SequentialFile(FileChannel channel, WriteQueue queue, boolean direct, int block, long position) {
        this.channel = channel;
        this.queue = queue;
        this.direct = direct;
        this.block = block;
        this.settled = (int) (position % block);
        this.start = position - settled;
        this.forced = start;
        this.summed = settled;
        this.bytes = queue.takeBuffer().position(settled);
    }

    /** Opens or makes a file to write on from {@code position}, up to which it must reach; what stands behind is cut off. */
    static SequentialFile open(Path path, long position, WriteQueue queue) throws IOException {
        try (FileChannel plain =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            plain.truncate(position);
            SequentialFile file = openToWrite(path, position, queue);
            ByteBuffer begun = file.bytes.duplicate().flip();
            while (begun.hasRemaining()) {
                plain.read(begun, file.start + begun.position());
            }
            return file;
        }
    }

    /** Opens a file to write on from a multiple of {@link #ALIGNMENT}, behind its end and while others write what stands before. */
    static SequentialFile ahead(Path path, long position, WriteQueue queue) throws IOException {
        return openToWrite(path, position, queue);
    }

    private static SequentialFile openToWrite(Path path, long position, WriteQueue queue) throws IOException {
        try {
            int block = Math.toIntExact(Files.getFileStore(path).getBlockSize());
            if (ALIGNMENT % block == 0) {
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
                return new SequentialFile(channel, queue, true, block, position);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Memory and network file systems say here that they cannot, each in words of its own; the next line says
            // what else is wrong.
        }
        return new SequentialFile(FileChannel.open(path, StandardOpenOption.WRITE), queue, false, 1, position);
    }

    /** Where the next byte goes. */
    long position() {
        return start + bytes.position();
    }

    /** Lets go of the buffer until {@link #moveTo}; everything must be settled, up to a multiple of {@link #ALIGNMENT}. */
    void rest() {
        if (bytes.position() > 0) {
            throw new IllegalStateException(bytes.position() + " bytes stand before position " + position());
        }
        queue.giveBack(bytes);
        bytes = NO_BYTES;
    }

    /** Goes on at another multiple of {@link #ALIGNMENT}, after a {@link #rest}. */
    void moveTo(long position) {
        bytes = queue.takeBuffer();
        start = position;
        forced = position;
    }

    /** Begins a checksum with the next byte. */
    void beginChecksum() {
        sum();
        checksum.reset();
    }

    /** The checksum of all bytes since it was begun. */
    CRC32C checksum() {
        sum();
        return checksum;
    }

    /** Appends the first integers of an array, little endian, at a multiple of their size. */
    void putInts(int[] values, int length) {
        int at = 0;
        while (at < length) {
            int part = Math.min(length - at, bytes.remaining() / Integer.BYTES);
            bytes.asIntBuffer().put(values, at, part);
            bytes.position(bytes.position() + part * Integer.BYTES);
            at += part;
            room();
        }
    }

    /** Appends a number, little endian, at a multiple of its size. */
    void putFloat(float value) {
        bytes.putFloat(value);
        room();
    }

    /** Appends a number, little endian, at a multiple of its size. */
    void putDouble(double value) {
        bytes.putDouble(value);
        room();
    }

    /** Appends {@code length} bytes that begin at {@code from}, not touching the position of {@code source}. */
    void put(ByteBuffer source, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            int part = Math.min(Math.min(left, bytes.remaining()), SUMMED);
            bytes.put(bytes.position(), source, at, part);
            bytes.position(bytes.position() + part);
            at += part;
            left -= part;
            if (bytes.position() - summed >= SUMMED) {
                sum();
            }
            room();
        }
    }

    /** Sends a full buffer. */
    private void room() {
        if (!bytes.hasRemaining()) {
            sum();
            send(0);
        }
    }

    private void sum() {
        int end = bytes.position();
        checksum.update(bytes.slice(summed, end - summed));
        summed = end;
    }

    /** Hands what was appended to the queue. The file may be longer until it is finished. */
    void settle() {
        if (bytes.position() > settled) {
            sum();
            send(bytes.position() % block);
        }
    }

    /** Puts the buffer in line, rounded up to a block, and goes on in another, which begins with its last bytes. */
    private void send(int last) {
        ByteBuffer full = bytes;
        long at = start;
        int end = full.position();
        bytes = queue.takeBuffer().put(0, full, end - last, last).position(last);
        start += end - last;
        settled = last;
        summed = last;
        boolean force = !direct && start - forced > FORCE_EVERY;
        if (force) {
            forced = start;
        }
        queue.put(() -> {
            write(full.position(0).limit((end + block - 1) / block * block), at);
            queue.giveBack(full);
            if (force) {
                channel.force(false);
            }
        });
    }

    private void write(ByteBuffer blocks, long at) throws IOException {
        while (blocks.hasRemaining()) {
            channel.write(blocks, at + blocks.position());
            // A write that stopped inside a block is taken up at the block's begin.
            blocks.position(blocks.position() / block * block);
        }
    }

    /** Settles everything, cuts off what stands behind it, and waits for the disk. */
    void finish() throws IOException {
        settle();
        queue.drain();
        channel.truncate(position());
        channel.force(true);
        channel.close();
    }

    /** Lets go of the file and of the buffer, whose memory may be gone after this. */
    @Override
    public void close() throws IOException {
        bytes = NO_BYTES;
        channel.close();
    }
}
