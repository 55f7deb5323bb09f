package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.Closeable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that the groups of a statement take, counted against what all statements of the process may take together: half of the heap.
 * Beyond it a statement fails with {@code LIMIT_EXCEEDED}, and the others go on. Closing gives back what the statement took. Thread-safe.
 */
public final class GroupMemory implements Closeable {
    private static final long MOST = Runtime.getRuntime().maxMemory() / 2;
    private static final AtomicLong ALL = new AtomicLong();

    private final AtomicLong own = new AtomicLong();

    void take(long bytes) {
        if (ALL.addAndGet(bytes) > MOST) {
            ALL.addAndGet(-bytes);
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "groups of GROUP BY take more than " + (MOST >> 20)
                            + " MiB, half of Java's heap, which all statements share; group"
                            + " by coarser keys, add a WHERE condition, or start Java with a larger -Xmx");
        }
        own.addAndGet(bytes);
    }

    void give(long bytes) {
        own.addAndGet(-bytes);
        ALL.addAndGet(-bytes);
    }

    /** Bytes that the groups of all statements take now. */
    static long taken() {
        return ALL.get();
    }

    @Override
    public void close() {
        ALL.addAndGet(-own.getAndSet(0));
    }
}
