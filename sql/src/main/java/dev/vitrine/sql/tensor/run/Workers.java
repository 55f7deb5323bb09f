package dev.vitrine.sql.tensor.run;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that help statements, shared by all of a process. System property {@code vitrine.threads} sets how many run one. */
public final class Workers {
    private static final int THREADS = Math.max(
            1, Integer.getInteger("vitrine.threads", Runtime.getRuntime().availableProcessors()));
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Workers() {}

    private static final class Pool {
        private static final ThreadPoolExecutor INSTANCE =
                new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "vitrine-tensor-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });

        static {
            INSTANCE.allowCoreThreadTimeOut(true);
        }
    }

    static Executor pool() {
        return Pool.INSTANCE;
    }

    /** How many threads a statement runs on beside its own. */
    static int helpers() {
        return THREADS - 1;
    }
}
