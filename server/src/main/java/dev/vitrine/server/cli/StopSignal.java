package dev.vitrine.server.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for Ctrl-C or SIGTERM, and keeps the process alive until what was to be closed is closed: open this first in a try, so that it
 * is closed last.
 */
final class StopSignal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "vitrine-stop");

    private boolean interrupted;

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        stopped.countDown();
        try {
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns once the process is asked to stop, or this thread is interrupted, which it is again after {@link #close}. */
    void await() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            interrupted = true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (stopped.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
