package dev.vitrine.server.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The queries of one server: how many run at once, how long, and how they are stopped. */
public final class Queries implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int WATCH_MILLIS = 100;

    private final QueryLimits limits;
    private final Semaphore places;
    private final AtomicInteger queued = new AtomicInteger();
    private final ConcurrentHashMap<String, RunningQuery> running = new ConcurrentHashMap<>();
    private final Thread watcher = new Thread(this::watch, "query-watch");
    private volatile boolean closed;

    public Queries(QueryLimits limits) {
        this.limits = limits;
        this.places = new Semaphore(limits.concurrent(), true);
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watch() {
        try {
            while (true) {
                running.values().forEach(RunningQuery::watch);
                Thread.sleep(WATCH_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    public QueryLimits limits() {
        return limits;
    }

    /**
     * Waits for a place and takes it.
     *
     * @param id the client's name for the query, up to 64 letters, digits, dots, dashes and underscores; null to have one made.
     *     {@code ALREADY_EXISTS} where a query of that name runs
     * @param timeout from now to the last row
     * @param clientGone asked every 100 ms whether anybody still waits for the answer
     * @throws VitrineException {@code LIMIT_EXCEEDED} where too many wait already, {@code LOCKED} where the server is closing
     */
    public RunningQuery admit(@Nullable String id, String sql, Duration timeout, BooleanSupplier clientGone) {
        RunningQuery query = new RunningQuery(this, name(id), sql, timeout, clientGone);
        checkOpen();
        if (running.putIfAbsent(query.id(), query) != null) {
            throw new VitrineException(
                    ErrorCode.ALREADY_EXISTS, "a query with the id '" + query.id() + "' is running; expected a new id");
        }
        boolean done = false;
        try {
            takePlace(query);
            done = true;
            return query;
        } finally {
            if (!done) {
                query.close();
            }
        }
    }

    private static String name(@Nullable String id) {
        if (id == null) {
            return UUID.randomUUID().toString();
        }
        if (!ID.matcher(id).matches()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the query id has " + id.length()
                            + " characters; expected 1 to 64 letters, digits, dots, dashes and underscores");
        }
        return id;
    }

    private void takePlace(RunningQuery query) {
        if (queued.incrementAndGet() > limits.queued() + places.availablePermits()) {
            queued.decrementAndGet();
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    limits.concurrent() + " queries are running and " + limits.queued()
                            + " are waiting; expected one to end first");
        }
        try {
            while (!places.tryAcquire(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                query.checkActive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VitrineException(ErrorCode.CANCELLED, "the query was interrupted while it waited", e);
        } finally {
            queued.decrementAndGet();
        }
        query.admitted();
        checkOpen();
    }

    private void checkOpen() {
        if (closed) {
            throw new VitrineException(ErrorCode.LOCKED, "the server is closing and takes no more queries");
        }
    }

    /** What is queued or running, oldest first. */
    public List<RunningQuery> running() {
        return running.values().stream()
                .sorted(Comparator.comparing(RunningQuery::elapsed).reversed())
                .toList();
    }

    /** Stops a query; false where none of that name runs. */
    public boolean cancel(String id) {
        RunningQuery query = running.get(id);
        if (query == null) {
            return false;
        }
        query.stop(ErrorCode.CANCELLED, "the query '" + id + "' was cancelled");
        return true;
    }

    void ended(RunningQuery query, boolean hadPlace) {
        if (running.remove(query.id(), query) && hadPlace) {
            places.release();
        }
    }

    /** Takes no more, gives those that run up to a second to end, then stops them. */
    @Override
    public void close() {
        closed = true;
        awaitNone(Duration.ofSeconds(1));
        running.values().forEach(query -> query.stop(ErrorCode.CANCELLED, "the server was closed"));
        awaitNone(Duration.ofSeconds(2));
        watcher.interrupt();
    }

    private void awaitNone(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            while (!running.isEmpty() && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
