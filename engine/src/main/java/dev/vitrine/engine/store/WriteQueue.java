package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs writes in order on a thread of its own, so that forward passes go on meanwhile: they wait for the disk only once so many writes,
 * of one buffer each at most, are in line. After a failure later writes are only dropped, and the next call throws the failure.
 */
final class WriteQueue implements AutoCloseable {
    /** Enough that passes on both lanes seldom wait for a disk that keeps up with them on the whole. */
    private static final int MOST_WAITING = 16;

    /** One write. */
    interface Job {
        /** Runs on the queue's thread. */
        void run() throws IOException;
    }

    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();
    private final BufferMemory memory;
    private final Thread thread;
    private long given;
    private long done;
    private boolean closed;
    private @Nullable Throwable failure;

    WriteQueue(String name, BufferMemory memory) {
        this.memory = memory;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** An empty buffer, as {@link BufferMemory#take} gives it. */
    synchronized ByteBuffer takeBuffer() {
        check();
        ByteBuffer buffer = spare.poll();
        return buffer != null ? buffer : memory.take();
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
            // The file would have a hole where this write belongs.
            VitrineException interrupted = interrupted(e);
            fail(interrupted);
            throw interrupted;
        }
        check();
        waiting.add(job);
        given++;
        notifyAll();
    }

    /** Throws what failed, if something did. After a close nothing may touch a buffer. */
    synchronized void check() {
        if (closed) {
            throw new IllegalStateException("the writer is closed");
        }
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
            while (failure == null && !closed && done < writes) {
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
