package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs writes in order on a thread of its own, so that the next forward pass need not wait for the disk. What waits is bounded in
 * bytes; one job is always let in. After a failure later jobs are only discarded, and the next call throws the failure.
 */
final class WriteQueue implements AutoCloseable {
    /** One write. */
    interface Job {
        /** Writes and lets go of what was held for it. */
        void write() throws IOException;

        /** Lets go of what was held for it. */
        default void discard() {}
    }

    private record Entry(Job job, long bytes) {}

    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long bytes;
    private long given;
    private long done;
    private boolean closed;
    private @Nullable Throwable failure;

    WriteQueue(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Puts a job in line, waiting while it and those before it hold more than {@code limit} bytes. */
    synchronized void put(Job job, long jobBytes, long limit) {
        try {
            while (failure == null && bytes > 0 && bytes + jobBytes > limit) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            job.discard();
            throw new VitrineException(ErrorCode.CANCELLED, "extraction was interrupted", e);
        }
        if (failure != null) {
            job.discard();
            throw failed(failure);
        }
        bytes += jobBytes;
        waiting.add(new Entry(job, jobBytes));
        given++;
        notifyAll();
    }

    /** Jobs put in line so far. */
    synchronized long given() {
        return given;
    }

    /** Waits until every job has run. */
    synchronized void drain() {
        drain(given);
    }

    /** Waits until the first so many jobs have run. */
    synchronized void drain(long jobs) {
        try {
            while (failure == null && done < jobs) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VitrineException(ErrorCode.CANCELLED, "extraction was interrupted", e);
        }
        if (failure != null) {
            throw failed(failure);
        }
    }

    /** Discards what waits and ends the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            discardAll();
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
            discardAll();
            notifyAll();
        }
    }

    private void run() {
        Entry entry = next();
        while (entry != null) {
            Throwable thrown = null;
            try {
                entry.job().write();
            } catch (IOException | RuntimeException | Error e) {
                thrown = e;
            }
            end(entry, thrown);
            entry = next();
        }
    }

    private synchronized @Nullable Entry next() {
        try {
            while (waiting.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            // Nobody but close() ends this thread.
            throw new IllegalStateException(e);
        }
        return waiting.poll();
    }

    private synchronized void end(Entry entry, @Nullable Throwable thrown) {
        done++;
        bytes -= entry.bytes();
        if (thrown != null) {
            fail(thrown);
        }
        notifyAll();
    }

    private synchronized void discardAll() {
        for (Entry entry : waiting) {
            entry.job().discard();
            bytes -= entry.bytes();
        }
        waiting.clear();
    }

    private static VitrineException failed(Throwable failure) {
        if (failure instanceof VitrineException known) {
            return new VitrineException(known.code(), known.getMessage(), known);
        }
        ErrorCode code = failure instanceof IOException ? ErrorCode.IO : ErrorCode.INTERNAL;
        return new VitrineException(code, "run could not be written: " + failure.getMessage(), failure);
    }
}
