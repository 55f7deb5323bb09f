package dev.vitrine.sql.tensor.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Works through numbered boxes on several threads and hands results back in order. The caller of {@link #next} works too, so that a
 * query never waits for the pool; helpers run at most a window ahead of the caller and hold no thread while it is idle.
 *
 * @param <S> result of a box
 */
final class OrderedBoxes<S> implements AutoCloseable {
    private final int count;
    private final IntFunction<S> work;
    private final Executor pool;
    private final int helpers;
    private final int window;
    private final AtomicReferenceArray<@Nullable CompletableFuture<S>> results;
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger active = new AtomicInteger();
    private int running;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean closed;

    OrderedBoxes(int count, IntFunction<S> work, Executor pool, int helpers) {
        this.count = count;
        this.work = work;
        this.pool = pool;
        this.helpers = helpers;
        this.window = 4 * (helpers + 1);
        this.results = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            results.set(i, new CompletableFuture<>());
        }
    }

    /** The next box's result; null after the last. */
    @Nullable
    S next() {
        if (taken.get() == count) {
            return null;
        }
        callHelpers();
        CompletableFuture<S> wanted = results.get(taken.get());
        while (!wanted.isDone() && claimAndRun()) {
            // Each turn has run one box here.
        }
        try {
            S result = wanted.join();
            results.set(taken.get(), null);
            taken.incrementAndGet();
            return result;
        } catch (CompletionException e) {
            closed = true;
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void callHelpers() {
        while (!closed && active.get() < helpers && claimed.get() < limit()) {
            active.incrementAndGet();
            pool.execute(this::help);
        }
    }

    private int limit() {
        return Math.min(count, taken.get() + window);
    }

    private void help() {
        synchronized (this) {
            running++;
        }
        try {
            while (!closed && claimAndRun()) {
                // Each turn has run one box here.
            }
        } finally {
            active.decrementAndGet();
            synchronized (this) {
                running--;
                notifyAll();
            }
        }
    }

    private boolean claimAndRun() {
        int box = claimed.get();
        while (box < limit()) {
            if (claimed.compareAndSet(box, box + 1)) {
                run(box);
                return true;
            }
            box = claimed.get();
        }
        return false;
    }

    private void run(int box) {
        CompletableFuture<S> result = results.get(box);
        try {
            result.complete(work.apply(box));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /** Stops the helpers and waits until they are gone; what they work on checks for this within milliseconds. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        synchronized (this) {
            while (running > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean closed() {
        return closed;
    }
}
