package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.sql.tensor.StoredRuns;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a statement leaves behind that was cancelled, late or closed early: no thread at work after {@link #SOON}, no groups, no more heap
 * than before, no buffers; and the next statement runs at once. On two cores threads were idle after 1 to 15 ms, after 120 where hashed
 * groups of 60 MiB were growing.
 */
@Tag("vector")
class ReleaseTest {
    /** Allows for a garbage collection and for other processes. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Heap that classes, plans and the test itself may take. */
    private static final long SLACK = 24 << 20;

    /** Direct buffers that threads keep to read files with. */
    private static final long BUFFERS = 1 << 20;

    private static final String CELLS =
            " FROM attention a JOIN attention b USING (run, prompt, layer) JOIN attention c USING (run,"
                    + " prompt, layer)";

    /** Statements that would run for hours: each cell of a layer with all pairs of others. */
    private enum Shape {
        AGGREGATE("SELECT SUM(a.weight * b.weight * LN(c.weight + 2))" + CELLS),
        GROUPS_BY_COORDINATE(
                "SELECT a.query_pos, AVG(a.weight * b.weight * c.weight)" + CELLS + " GROUP BY a.query_pos"),
        GROUPS_BY_HASH("SELECT a.key_pos, b.key_pos, c.key_pos, c.query_pos, MAX(a.weight)" + CELLS
                + " GROUP BY a.key_pos, b.key_pos, c.key_pos, c.query_pos"),
        FIRST_ROWS(
                "SELECT a.weight, b.weight, c.weight" + CELLS + " ORDER BY a.weight * b.weight - c.weight LIMIT 100"),
        PAIRS(
                "SELECT SUM(dot(q.vector, k.vector) * a.weight) FROM queries q JOIN keys k USING (run, prompt) JOIN attention a USING"
                        + " (run, prompt)"),
        ROWS("SELECT a.weight, b.weight, c.weight" + CELLS),
        NO_ROWS("SELECT a.weight, b.weight, c.weight" + CELLS + " WHERE a.weight * b.weight * c.weight > 2"),
        UNFUSED(
                "SELECT COUNT(*) FROM tokens a, tokens b, tokens c, tokens d, tokens e WHERE a.pos + b.pos + c.pos + d.pos + e.pos < 0");

        private final String sql;

        Shape(String sql) {
            this.sql = sql;
        }
    }

    @TempDir
    private static Path folder;

    private static Connection connection;

    @BeforeAll
    static void open() throws SQLException {
        StoredRuns.write(folder);
        connection = DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void cancelling(Shape shape) throws Exception {
        try (Statement statement = connection.createStatement()) {
            plan(statement, shape);
            long heap = heap();
            long buffers = buffers();
            CompletableFuture<Void> reading =
                    CompletableFuture.runAsync(() -> assertThatThrownBy(() -> read(statement, shape))
                            .isInstanceOf(SQLException.class)
                            .hasMessage("the statement was cancelled"));
            awaitWork(shape);
            long stopped = System.nanoTime();
            statement.cancel();
            await(reading, stopped);
            released(shape + " cancelled", stopped, heap, buffers);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void timeLimit(Shape shape) throws Exception {
        try (Statement statement = connection.createStatement()) {
            plan(statement, shape);
            long heap = heap();
            long buffers = buffers();
            statement.setQueryTimeout(1);
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            assertThatThrownBy(() -> read(statement, shape)).isInstanceOf(SQLTimeoutException.class);
            released(shape + " late", limit, heap, buffers);
        }
    }

    /** The statement and its result stay reachable, as with clients that keep them. */
    @Test
    void closingEarly() throws SQLException {
        List<ResultSet> closed = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            long heap = heap();
            long buffers = buffers();
            for (Shape shape : List.of(Shape.ROWS, Shape.ROWS)) {
                ResultSet rows = statement.executeQuery(shape.sql);
                for (int i = 0; i < 100_000; i++) {
                    assertThat(rows.next()).isTrue();
                }
                long stopped = System.nanoTime();
                rows.close();
                closed.add(rows);
                released(shape + " closed", stopped, heap, buffers);
            }
            ResultSet groups = statement.executeQuery(
                    "SELECT layer, head, query_pos, key_pos, weight, COUNT(*) FROM attention GROUP BY"
                            + " layer, head, query_pos, key_pos, weight");
            assertThat(groups.next()).isTrue();
            assertThat(GroupMemory.taken()).isGreaterThan(10 << 20);
            long stopped = System.nanoTime();
            groups.close();
            closed.add(groups);
            released("groups closed", stopped, heap, buffers);
        }
        assertThat(closed).hasSize(3);
    }

    /** Plans the statement, so that only its execution is looked at. */
    private static void plan(Statement statement, Shape shape) throws SQLException {
        try (ResultSet plan = statement.executeQuery("EXPLAIN PLAN FOR " + shape.sql)) {
            List<String> lines = new ArrayList<>();
            while (plan.next()) {
                lines.add(plan.getString(1).strip());
            }
            assertThat(lines.stream().anyMatch(line -> line.startsWith("EnumerableTensor")))
                    .isEqualTo(shape != Shape.UNFUSED);
        }
    }

    private static void read(Statement statement, Shape shape) throws SQLException {
        try (ResultSet rows = statement.executeQuery(shape.sql)) {
            while (rows.next()) {
                rows.getObject(1);
            }
        }
    }

    /** Until the statement is at work, which on a busy machine takes a while, and has many groups if it is to. */
    private static void awaitWork(Shape shape) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        boolean atWork;
        do {
            TimeUnit.MILLISECONDS.sleep(200);
            atWork = working() > 0 && (shape != Shape.GROUPS_BY_HASH || GroupMemory.taken() >= 10 << 20);
        } while (!atWork && System.nanoTime() < end);
        assertThat(atWork).isTrue();
    }

    private static void await(CompletableFuture<Void> reading, long stopped)
            throws InterruptedException, ExecutionException, TimeoutException {
        reading.get(10, TimeUnit.SECONDS);
        assertThat(since(stopped)).isLessThan(SOON.toMillis());
    }

    private static void released(String what, long stopped, long heap, long buffers) throws SQLException {
        while (working() > 0 && since(stopped) < 10_000) {
            Thread.onSpinWait();
        }
        long idle = since(stopped);
        long asked = System.nanoTime();
        try (Statement next = connection.createStatement();
                ResultSet rows = next.executeQuery(
                        "SELECT weight FROM attention WHERE prompt = 0 AND layer = 1 AND head = 1 AND query_pos ="
                                + " 7 AND key_pos = 3")) {
            assertThat(rows.next()).isTrue();
        }
        long answered = since(asked);
        long kept = heap() - heap;
        assertThat(idle).as(what).isLessThan(SOON.toMillis());
        assertThat(answered).as(what).isLessThan(SOON.toMillis());
        assertThat(GroupMemory.taken()).as(what).isZero();
        assertThat(kept).as(what).isLessThan(SLACK);
        assertThat(buffers() - buffers).as(what).isLessThan(BUFFERS);
    }

    private static long since(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    /** Threads that are in a statement's loops or operators, this one apart. */
    private static long working() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey() != Thread.currentThread())
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("dev.vitrine.sql.QueryRows")
                                || frame.getClassName().startsWith("dev.vitrine.sql.tensor.run.OrderedBoxes")
                                || frame.getClassName().equals("Generated")))
                .count();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes of direct buffers. */
    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
