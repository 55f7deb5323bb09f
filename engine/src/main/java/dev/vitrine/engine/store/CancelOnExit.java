package dev.vitrine.engine.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** On Ctrl-C, stops a writer at its next call and holds up the end of the process until it has cleaned up. */
final class CancelOnExit implements AutoCloseable {
    /** A model whose next activation takes longer is left behind with its temporary folder, as after a kill. */
    private static final long SECONDS = 30;

    private final CountDownLatch cleaned = new CountDownLatch(1);
    private final Thread hook;

    private CancelOnExit(RunWriter writer) {
        hook = new Thread(
                () -> {
                    writer.cancel();
                    try {
                        cleaned.await(SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "vitrine-cancel");
    }

    static CancelOnExit of(RunWriter writer) {
        CancelOnExit cancel = new CancelOnExit(writer);
        Runtime.getRuntime().addShutdownHook(cancel.hook);
        return cancel;
    }

    @Override
    public void close() {
        cleaned.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook with it.
        }
    }
}
