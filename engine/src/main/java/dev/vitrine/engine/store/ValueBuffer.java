package dev.vitrine.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Collects small values, little endian, on their way into a {@link BatchFile}. */
final class ValueBuffer {
    private static final int CAPACITY = 256 << 10;

    private final BatchFile file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);

    ValueBuffer(BatchFile file) {
        this.file = file;
    }

    void putInt(int value) throws IOException {
        room(Integer.BYTES);
        bytes.putInt(value);
    }

    void putFloat(float value) throws IOException {
        room(Float.BYTES);
        bytes.putFloat(value);
    }

    void put(byte[] value) throws IOException {
        room(value.length);
        bytes.put(value);
    }

    /** Puts {@code length} bytes that begin at {@code from}, not touching the position of {@code source}. */
    void put(ByteBuffer source, int from, int length) throws IOException {
        int at = from;
        int left = length;
        while (left > 0) {
            room(1);
            int part = Math.min(left, bytes.remaining());
            bytes.put(bytes.position(), source, at, part);
            bytes.position(bytes.position() + part);
            at += part;
            left -= part;
        }
    }

    /** Ends the file's current buffer. */
    void endBuffer() throws IOException {
        flush();
        file.endBuffer();
    }

    private void room(int length) throws IOException {
        if (bytes.remaining() < length) {
            flush();
        }
    }

    void flush() throws IOException {
        bytes.flip();
        file.write(bytes);
        bytes.clear();
    }
}
