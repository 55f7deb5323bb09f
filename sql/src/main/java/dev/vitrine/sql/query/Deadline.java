package dev.vitrine.sql.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** When work has to end: at a time, or at once when someone sets the flag. Safe for use by many threads. */
public final class Deadline {
    private final AtomicBoolean cancelled;
    private final Duration limit;
    private final long start = System.nanoTime();

    private Deadline(AtomicBoolean cancelled, Duration limit) {
        this.cancelled = cancelled;
        this.limit = limit;
    }

    /** A deadline that far from now; a zero duration is no limit. */
    public static Deadline in(Duration limit, AtomicBoolean cancelled) {
        return new Deadline(cancelled, limit);
    }

    /** True ends the work. */
    public AtomicBoolean cancelled() {
        return cancelled;
    }

    /** Throws {@code CANCELLED} or {@code TIMED_OUT} once the work has to end. */
    public void check() {
        if (cancelled.get()) {
            throw new VitrineException(ErrorCode.CANCELLED, "the statement was cancelled");
        }
        if (!limit.isZero() && System.nanoTime() - start > limit.toNanos()) {
            throw new VitrineException(
                    ErrorCode.TIMED_OUT, "the statement ran longer than its limit of " + limit.toMillis() / 1e3 + " s");
        }
    }
}
