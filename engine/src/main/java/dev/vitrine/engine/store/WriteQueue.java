package dev.vitrine.engine.store;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs writes in order on a thread of its own, so that no forward pass need wait for the disk. Each holds one buffer at most, and only
 * so many wait. After a failure later writes are only dropped, and the next call throws the failure.
 */
final class WriteQueue implements AutoCloseable {
    /**
     * The size of a buffer, and so of most writes: 240 pages. Larger ones were not faster on any disk tried, and a virtual disk takes 254
     * pages at once at most, which lie anywhere in memory: a megabyte would be two requests.
     */
    static final int BUFFER_BYTES = 960 << 10;
    /** Enough that passes on both lanes seldom wait for a disk that keeps up with them on the whole. */
    private static final int MOST_WAITING = 32;

    /** One write. */
    interface Job {
        /** Runs on the queue's thread. */
        void run() throws IOException;
    }

    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();
    private final NDManager memory;
    private final Thread thread;
    private long given;
    private long done;
    private boolean closed;
    private @Nullable Throwable failure;

    /** @param memory what buffers are taken of: they live until it is closed, and not until Java happens to collect garbage */
    WriteQueue(String name, NDManager memory) {
        this.memory = memory;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** An empty little-endian buffer, at a multiple of {@link SequentialFile#ALIGNMENT} in memory, with any content. */
    ByteBuffer takeBuffer() {
        ByteBuffer buffer;
        synchronized (this) {
            buffer = spare.poll();
        }
        return buffer != null
                ? buffer
                : memory.create(new Shape(BUFFER_BYTES + SequentialFile.ALIGNMENT), DataType.INT8)
                        .toByteBuffer(true)
                        .alignedSlice(SequentialFile.ALIGNMENT)
                        .limit(BUFFER_BYTES)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Takes a buffer back that nobody uses any more. */
    synchronized void giveBack(ByteBuffer buffer) {
        spare.push(buffer.clear());
    }

    /** Puts a write in line, waiting while there are too many before it. */
    synchronized void put(Job job) {
        try {
            while (failure == null && waiting.size() >= MOST_WAITING) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        check();
        waiting.add(job);
        given++;
        notifyAll();
    }

    /** Throws what failed, if something did. */
    synchronized void check() {
        if (failure != null) {
            throw failed(failure);
        }
    }

    /** Writes put in line so far. */
    synchronized long given() {
        return given;
    }

    /** Waits until every write is done. */
    synchronized void drain() {
        drain(given);
    }

    /** Waits until the first so many writes are done. */
    synchronized void drain(long writes) {
        try {
            while (failure == null && done < writes) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        check();
    }

    /** Drops what waits and ends the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes every later call throw this, unless something failed before. */
    synchronized void fail(Throwable reason) {
        if (failure == null) {
            failure = reason;
            waiting.clear();
            notifyAll();
        }
    }

    private void run() {
        Job job = next();
        while (job != null) {
            try {
                job.run();
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
            end();
            job = next();
        }
    }

    private synchronized @Nullable Job next() {
        try {
            while (waiting.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            // Nobody but close() ends this thread.
            throw new IllegalStateException(e);
        }
        Job next = waiting.poll();
        notifyAll();
        return next;
    }

    private synchronized void end() {
        done++;
        notifyAll();
    }

    private static VitrineException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new VitrineException(ErrorCode.CANCELLED, "extraction was interrupted", e);
    }

    private static VitrineException failed(Throwable failure) {
        if (failure instanceof VitrineException known) {
            return new VitrineException(known.code(), known.getMessage(), known);
        }
        ErrorCode code = failure instanceof IOException ? ErrorCode.IO : ErrorCode.INTERNAL;
        return new VitrineException(code, "run could not be written: " + failure.getMessage(), failure);
    }
}
