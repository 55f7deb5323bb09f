package dev.vitrine.engine.model;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads for two passes at once, each with half of torch's threads. Threads that share one pass wait for each other after every
 * operation, and spin while they do. Two passes of GPT-2 small's shape on one thread each took 0.94, 0.97 and 0.91 of the time of one
 * after the other on two threads for 128, 512 and 1,024 tokens, less where others used the machine; and what else wants a core, such
 * as the writer, holds up one of them and not both.
 */
final class Lanes implements AutoCloseable {
    private static final int COUNT = 2;

    private final ThreadPoolExecutor lanes =
            new ThreadPoolExecutor(COUNT, COUNT, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

    /** Starts the threads. */
    Lanes() {
        int all = JniUtils.getNumThreads();
        CountDownLatch ready = new CountDownLatch(COUNT);
        AtomicInteger number = new AtomicInteger();
        lanes.setThreadFactory(run -> {
            Thread lane = new Thread(
                    () -> {
                        take(Math.max(1, all / COUNT));
                        ready.countDown();
                        run.run();
                    },
                    "vitrine-pass-" + number.incrementAndGet());
            lane.setDaemon(true);
            return lane;
        });
        lanes.prestartAllCoreThreads();
        boolean interrupted = false;
        while (ready.getCount() > 0) {
            try {
                ready.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        // Torch keeps the number by thread, and the one set last for threads to come, which are not these.
        JniUtils.setNumThreads(all);
    }

    /** Whether torch has threads for both. */
    static boolean possible() {
        return JniUtils.getNumThreads() >= COUNT;
    }

    /** Torch sets a thread up when it is first asked, and would undo what was set before. */
    private static void take(int threads) {
        JniUtils.getNumThreads();
        JniUtils.setNumThreads(threads);
    }

    /** Runs a pass as soon as a thread is free. */
    CompletableFuture<Void> run(Runnable pass) {
        return CompletableFuture.runAsync(pass, lanes);
    }

    /** Ends the threads when what they were given is done. */
    @Override
    public void close() {
        lanes.shutdown();
    }
}
