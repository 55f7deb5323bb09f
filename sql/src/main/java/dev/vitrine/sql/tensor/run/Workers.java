package dev.vitrine.sql.tensor.run;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that help statements: one per core, shared by all of a process. System property {@code vitrine.threads} sets how many run
 * one statement, its own among them.
 */
public final class Workers {
    private static final long BOX_CELLS = 1 << 17;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Workers() {}

    private static final class Pool {
        private static final ThreadPoolExecutor INSTANCE =
                new ThreadPoolExecutor(cores(), cores(), 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "vitrine-tensor-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });

        static {
            INSTANCE.allowCoreThreadTimeOut(true);
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    static Executor pool() {
        return Pool.INSTANCE;
    }

    /** Cells worth a box, and a second thread; system property {@code vitrine.boxCells} sets it. */
    public static long boxCells() {
        return Math.max(1, Long.getLong("vitrine.boxCells", BOX_CELLS));
    }

    /** How many threads a statement that begins now runs on beside its own. */
    static int helpers() {
        return Math.max(1, Integer.getInteger("vitrine.threads", cores())) - 1;
    }
}
