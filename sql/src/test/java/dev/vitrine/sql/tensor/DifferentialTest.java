package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries, each fused and in DuckDB, some through Calcite's own operators too: all of them where there is NaN. A failure names the
 * seed of its query. System property {@code vitrine.queries} sets how many there are, millions if there is time; {@code vitrine.seed}
 * where they begin.
 */
@Tag("vector")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {
    private static final int QUERIES = Integer.getInteger("vitrine.queries", 2000);
    private static final long SEED = Long.getLong("vitrine.seed", 1);
    private static final int BATCH = 600;

    /** So small that the few cells of a store make many boxes for several threads. */
    private static final String BOX_CELLS = "100";

    /** In a filter Calcite's NaN differs from NaN, as in the loops; in its hash join they are equal. */
    private static final Pattern EQUAL_CELLS = Pattern.compile("(weight|activation) = \\w+\\.(weight|activation)");

    /** The ELSE of such a CASE is where weight >= t is not true, to Calcite where weight < t, which NaN is not. */
    private static final Pattern NEGATED_CELLS =
            Pattern.compile("CASE WHEN \\w+\\.(weight|activation) [<>]=? .*? ELSE .*? END (IN|=|<|>)");

    private static final int MOST_FAILURES = 20;
    private static final int SECONDS_FOR_A_QUERY = 200;

    private final Map<RandomStore, Oracles> stores = new EnumMap<>(RandomStore.class);
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @BeforeAll
    static void manyBoxes() {
        System.setProperty("vitrine.boxCells", BOX_CELLS);
    }

    @BeforeAll
    void writeStores(@TempDir Path folder) throws Exception {
        for (RandomStore store : RandomStore.values()) {
            Path place = Files.createDirectory(folder.resolve(store.name()));
            store.write(place);
            stores.put(store, new Oracles(place, store.workspace()));
        }
    }

    @AfterAll
    void close() throws SQLException {
        System.clearProperty("vitrine.boxCells");
        threads.shutdown();
        for (Oracles oracles : stores.values()) {
            oracles.close();
        }
    }

    private Oracles oracles(long seed) {
        return Objects.requireNonNull(stores.get(store(seed)));
    }

    private static RandomStore store(long seed) {
        RandomStore[] all = RandomStore.values();
        return all[(int) Math.floorMod(seed, (long) all.length)];
    }

    private static String what(long seed, String sql) {
        return "seed " + seed + ", " + store(seed) + ": " + sql;
    }

    /** A check of one query. */
    private interface Check {
        void of(long seed) throws SQLException;
    }

    @Test
    void fusedAgreesWithCalciteAndDuckDb() throws Exception {
        List<String> failures = new ArrayList<>();
        for (long first = SEED;
                first < SEED + QUERIES && failures.size() < MOST_FAILURES && !threads.isShutdown();
                first += BATCH) {
            long from = first;
            int count = (int) Math.min(BATCH, SEED + QUERIES - first);
            @Nullable Answer[] unfused = new Answer[count];
            Oracles.withoutFusion(() ->
                    failures.addAll(run(from, count, seed -> unfused[(int) (seed - from)] = unfused(seed))));
            if (!threads.isShutdown()) {
                failures.addAll(run(from, count, seed -> compare(seed, unfused[(int) (seed - from)])));
            }
        }
        assertThat(failures).isEmpty();
    }

    /**
     * Calcite's own answer; null where its EXP would meet an infinity, of which it makes an error, or its join on cells would meet NaN.
     */
    private @Nullable Answer unfused(long seed) throws SQLException {
        String sql = new RandomQuery(seed).any();
        boolean unlike = sql.contains("EXP(")
                || EQUAL_CELLS.matcher(sql).find()
                || NEGATED_CELLS.matcher(sql).find();
        return store(seed).hasNan() && unlike ? null : oracles(seed).unfused(sql);
    }

    private void compare(long seed, @Nullable Answer unfused) throws SQLException {
        RandomQuery query = new RandomQuery(seed);
        String sql = query.any();
        Answer fused = oracles(seed).fused(sql);
        // Windows of Calcite's own put NaN elsewhere than its aggregates do.
        if (unfused != null && !(store(seed).hasNan() && sql.contains(" OVER ("))) {
            same(query, fused, unfused, "fused, then unfused");
        }
        if (!store(seed).hasNan() && !query.catalogued()) {
            Answer duckdb = oracles(seed).duckdb(sql);
            if (duckdb != null) {
                same(query, fused, duckdb, "fused, then DuckDB");
            }
        }
    }

    private static void same(RandomQuery query, Answer fused, Answer other, String what) {
        if (query.ordered()) {
            fused.isSameInOrderAs(other, what);
        } else {
            fused.isSameAs(other, what);
        }
    }

    /**
     * TLP: a condition, its negation and its absence part the rows of a table. Not where there is NaN: comparisons with it are false,
     * and Calcite puts &lt; for NOT ≥.
     */
    @Test
    void conditionsPartTheRows() throws Exception {
        assertThat(run(SEED, QUERIES / 5, seed -> {
                    if (store(seed).hasNan()) {
                        return;
                    }
                    RandomQuery query = new RandomQuery(seed);
                    String condition = query.condition();
                    String from = "SELECT COUNT(*) c" + query.from();
                    String parts = "SELECT SUM(c) FROM (" + from + " WHERE " + condition + " UNION ALL " + from
                            + " WHERE NOT (" + condition + ") UNION ALL " + from + " WHERE (" + condition
                            + ") IS NULL) AS parts";
                    oracles(seed).fused(from).isSameAs(oracles(seed).fused(parts), what(seed, parts));
                }))
                .isEmpty();
    }

    /** NoREC: a condition passes as many rows as it is true for. */
    @Test
    void conditionsCountWhatTheyPass() throws Exception {
        assertThat(run(SEED, QUERIES / 5, seed -> {
                    RandomQuery query = new RandomQuery(seed);
                    String condition = query.condition();
                    String rows = "SELECT " + query.columns() + query.from() + " WHERE " + condition;
                    String count = "SELECT SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END)" + query.from();
                    assertThat(oracles(seed).fused(rows).size())
                            .as(what(seed, rows))
                            .isEqualTo(oracles(seed).fused(count).count());
                }))
                .isEmpty();
    }

    /** Runs a check on seeds, on all threads; gives what failed. */
    private List<String> run(long first, int count, Check check) throws InterruptedException {
        List<Future<Long>> running = new ArrayList<>();
        for (long seed : LongStream.range(first, first + count).toArray()) {
            running.add(threads.submit(() -> {
                try {
                    check.of(seed);
                } catch (SQLException | RuntimeException e) {
                    throw new SQLException(what(seed, new RandomQuery(seed).any()) + "\n" + e.getMessage(), e);
                } catch (AssertionError e) {
                    throw new AssertionError(what(seed, new RandomQuery(seed).any()) + "\n" + e.getMessage(), e);
                }
                return seed;
            }));
        }
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                running.get(i).get(SECONDS_FOR_A_QUERY, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                failures.add(e.getMessage());
            } catch (TimeoutException e) {
                long seed = first + i;
                failures.add("does not end: " + what(seed, new RandomQuery(seed).any()));
                threads.shutdownNow();
                return failures;
            }
        }
        return failures;
    }
}
