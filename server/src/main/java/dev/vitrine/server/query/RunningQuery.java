package dev.vitrine.server.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One statement from its arrival to its last row. Closing it gives its place to the next. */
public final class RunningQuery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningQuery.class);

    private final Queries queries;
    private final String id;
    private final String sql;
    private final Duration timeout;
    private final BooleanSupplier clientGone;
    private final long started = System.nanoTime();
    private final AtomicLong rows = new AtomicLong();
    private volatile boolean admitted;
    private volatile @Nullable VitrineException stopped;
    private @Nullable Statement statement;

    RunningQuery(Queries queries, String id, String sql, Duration timeout, BooleanSupplier clientGone) {
        this.queries = queries;
        this.id = id;
        this.sql = sql;
        this.timeout = timeout;
        this.clientGone = clientGone;
    }

    public String id() {
        return id;
    }

    public String sql() {
        return sql;
    }

    /** {@code queued} or {@code running}. */
    public String state() {
        return admitted ? "running" : "queued";
    }

    /** Since its arrival. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Rows given so far. */
    public long rows() {
        return rows.get();
    }

    /** Says that one more row was given, and throws once the query should end. */
    public void countRow() {
        rows.incrementAndGet();
        checkActive();
    }

    /** Throws {@code TIMED_OUT} or {@code CANCELLED} once the query should end. */
    public void checkActive() {
        VitrineException reason = stopped;
        if (reason != null) {
            throw new VitrineException(reason.code(), reason.getMessage(), reason);
        }
    }

    /** Makes this the statement that a cancellation stops. */
    public void runs(Statement running) {
        synchronized (this) {
            statement = running;
        }
        checkActive();
    }

    /** The failure to report for what was thrown: the reason to stop where there is one, for it made the rest fail. */
    public Throwable reason(Throwable thrown) {
        VitrineException reason = stopped;
        return reason == null ? thrown : reason;
    }

    /** Whether the client has hung up, so that no answer can reach it. */
    public boolean abandoned() {
        return clientGone.getAsBoolean();
    }

    void admitted() {
        admitted = true;
    }

    /** Stops a query that is past its deadline, or that nobody waits for. */
    void watch() {
        if (stopped != null) {
            // Once more: a statement that is still being planned forgets a cancellation when it begins to run.
            cancel();
        } else if (elapsed().compareTo(timeout) > 0) {
            stop(
                    ErrorCode.TIMED_OUT,
                    "the query ran longer than its limit of " + timeout.toMillis() + " ms and was stopped after "
                            + rows() + " rows");
        } else if (clientGone.getAsBoolean()) {
            stop(ErrorCode.CANCELLED, "the client hung up");
        }
    }

    void stop(ErrorCode code, String message) {
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            stopped = new VitrineException(code, message);
        }
        cancel();
    }

    private synchronized void cancel() {
        if (statement == null) {
            return;
        }
        try {
            statement.cancel();
        } catch (SQLException e) {
            // It has ended by itself in this moment: there is nothing left to stop.
            LOG.debug("cancelling a statement: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            statement = null;
        }
        queries.ended(this, admitted);
    }
}
