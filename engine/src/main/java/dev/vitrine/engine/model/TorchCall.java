package dev.vitrine.engine.model;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls into torch, counted. When the process ends, torch's libraries are torn down under whatever thread is still in them, which
 * crashes; so the end waits for the calls that run, and none begins after that.
 */
final class TorchCall {
    /** How long the end of the process waits. */
    private static final long SECONDS = 30;

    private static final int ALL = Integer.MAX_VALUE;
    private static final Semaphore RUNNING = new Semaphore(ALL);
    private static volatile boolean ending;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(TorchCall::end, "vitrine-torch"));
        } catch (IllegalStateException e) {
            ending = true; // The process is ending already.
        }
    }

    private TorchCall() {}

    /**
     * Makes a call; {@code CANCELLED} once the process is ending.
     *
     * @param <T> what it gives
     */
    static <T> T of(Supplier<T> call) {
        if (!begin()) {
            throw new VitrineException(ErrorCode.CANCELLED, "the process is ending");
        }
        try {
            return call.get();
        } finally {
            RUNNING.release();
        }
    }

    /** Makes a call that frees memory, unless the process is ending and does so by itself. */
    static void unlessEnding(Runnable call) {
        if (begin()) {
            try {
                call.run();
            } finally {
                RUNNING.release();
            }
        }
    }

    private static boolean begin() {
        return !ending && RUNNING.tryAcquire();
    }

    /** Keeps every permit, so that no call begins from here on. */
    private static void end() {
        ending = true;
        try {
            if (!RUNNING.tryAcquire(ALL, SECONDS, TimeUnit.SECONDS)) {
                System.err.println("error: a model is still computing after " + SECONDS + " s; ending without it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
