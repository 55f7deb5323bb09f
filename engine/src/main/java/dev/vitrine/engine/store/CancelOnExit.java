package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** On Ctrl-C, stops a writer at its next call and holds up the end of the process until it has cleaned up. */
final class CancelOnExit implements AutoCloseable {
    /** A model whose next activation takes longer is left behind with its temporary folder, as after a kill. */
    private static final long SECONDS = 30;

    private final CountDownLatch cleaned = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "vitrine-cancel");
    private @Nullable RunWriter writer;
    private boolean ending;

    private CancelOnExit() {}

    /**
     * From here on the process does not end before {@link #close}; it has to come before there is anything to clean up. {@code CANCELLED}
     * where the process is ending already.
     */
    static CancelOnExit begin() {
        CancelOnExit cancel = new CancelOnExit();
        try {
            Runtime.getRuntime().addShutdownHook(cancel.hook);
        } catch (IllegalStateException e) {
            throw new VitrineException(ErrorCode.CANCELLED, "the process is ending", e);
        }
        return cancel;
    }

    /** Says which writer to stop. */
    synchronized void stops(RunWriter begun) {
        writer = begun;
        if (ending) {
            begun.cancel();
        }
    }

    private void end() {
        synchronized (this) {
            ending = true;
            if (writer != null) {
                writer.cancel();
            }
        }
        try {
            cleaned.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
