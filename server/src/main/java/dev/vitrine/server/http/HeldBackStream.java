package dev.vitrine.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the first megabyte of an answer, so that a query that fails early still gets the status of its failure. Whoever fills it
 * calls {@link #close} for an answer that is whole, and drops it otherwise.
 */
final class HeldBackStream extends OutputStream {
    static final int HELD_BYTES = 1 << 20;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final IntFunction<OutputStream> begin;
    private @Nullable OutputStream out;
    private long written;

    /** Takes what sends status and headers, given the number of bytes held, and gives the stream of the body; called once. */
    HeldBackStream(IntFunction<OutputStream> begin) {
        this.begin = begin;
    }

    /** Whether the client may have seen a part. */
    boolean begun() {
        return out != null;
    }

    /** Bytes so far, held or not. */
    long written() {
        return written;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        written += length;
        if (out == null && held.size() + length <= HELD_BYTES) {
            held.write(bytes, from, length);
        } else {
            begin().write(bytes, from, length);
        }
    }

    private OutputStream begin() throws IOException {
        OutputStream body = out;
        if (body == null) {
            body = begin.apply(held.size());
            out = body;
            held.writeTo(body);
            held.reset();
        }
        return body;
    }

    /** Lets through what is held, and ends the body. */
    @Override
    public void close() throws IOException {
        begin().close();
    }
}
