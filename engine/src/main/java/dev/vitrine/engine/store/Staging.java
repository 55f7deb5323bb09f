package dev.vitrine.engine.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where the numbers of short prompts wait until there are enough for a batch. It is a mapped file and not plain memory, so that what
 * waits outlives the process and an extraction can go on after a kill.
 */
final class Staging implements Closeable {
    private static final int STEP = 1 << 20;

    private final FileChannel channel;
    private final MappedByteBuffer bytes;
    private int backed;

    private Staging(FileChannel channel, MappedByteBuffer bytes, int backed) {
        this.channel = channel;
        this.bytes = bytes;
        this.backed = backed;
    }

    /** Opens the file or makes it; its first {@code backed} bytes are in use. */
    static Staging open(Path path, int capacity, int backed) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new Staging(channel, channel.map(FileChannel.MapMode.READ_WRITE, 0, capacity), backed);
    }

    /** Everything; bytes up to {@code end} may be written. */
    ByteBuffer upTo(int end) throws IOException {
        // A store through the map to a page that the full disk has no block for kills the JVM; a write call says so.
        while (backed < end) {
            backed += channel.write(ByteBuffer.allocate(Math.min(STEP, bytes.capacity() - backed)), backed);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
