package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final int[] LENGTHS = {3, 1, 17, 5, 29};

    @TempDir
    private Path folder;

    private void write(String run) {
        SyntheticRun.write(folder, SyntheticRun.plan(run, SyntheticRun.card("decoder", 2, 4, 2, 7, 3, 5)), LENGTHS);
    }

    @Test
    void aNewStoreIsEmpty() {
        try (Store store = Store.openOrCreate(folder.resolve("new"))) {
            assertThat(store.runs()).isEmpty();
            assertThat(store.folder()).isEqualTo(folder.resolve("new"));
        }
        assertThat(Store.check(folder.resolve("new"))).isEmpty();
    }

    @Test
    void runsThatComeAreSeenAfterARefresh() {
        write("b");
        try (Store store = Store.open(folder)) {
            long before = store.version();
            Run b = store.run("b");
            store.refresh();
            assertThat(store.version()).isEqualTo(before);
            write("a");
            assertThat(store.runs()).extracting(Run::name).containsExactly("b");
            store.refresh();
            assertThat(store.runs()).extracting(Run::name).containsExactly("a", "b");
            assertThat(store.version()).isNotEqualTo(before);
            assertThat(store.run("b")).isSameAs(b);
            try (Store other = Store.open(folder)) {
                assertThat(other.version()).isEqualTo(store.version());
            }
        }
    }

    @Test
    void aRunInUseOutlivesItsStore() {
        write("run");
        Run run;
        try (Store store = Store.open(folder)) {
            run = store.run("run");
        }
        RunRoundTripTest.checkEverything(run, LENGTHS);
    }

    @Test
    void manyThreadsReadTheSameRun() throws Exception {
        write("run");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            AtomicInteger done = new AtomicInteger();
            List<Future<?>> all = IntStream.range(0, 16)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        RunRoundTripTest.checkEverything(run, LENGTHS);
                        done.incrementAndGet();
                    }))
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
            assertThat(done).hasValue(16);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatIsNotKeptIsNamed() {
        RunPlan plan = new RunPlan(
                "run",
                SyntheticRun.card("decoder", 3, 4, 2, 7, 3, 5),
                Set.of(HookPoint.Q, HookPoint.MLP_OUT),
                List.of(0, 2),
                null,
                AttentionForm.NONE,
                FloatType.FLOAT32);
        SyntheticRun.write(folder, plan, LENGTHS);
        try (Store store = Store.open(folder)) {
            Run run = store.run("run");
            assertNotFound(() -> run.keys(), "run 'run' keeps no k; it has [q, mlp_out]");
            assertNotFound(() -> run.attention(), "run 'run' keeps no attention; it has [q, mlp_out]");
            assertNotFound(() -> run.hidden(HookPoint.RESID_PRE), "run 'run' keeps no resid_pre; it has [q, mlp_out]");
            assertNotFound(() -> run.queries().vector(0, 1, 0, 0, new float[3]), "run 'run': q of layer 1 is not kept");
            assertThatThrownBy(() -> run.hidden(HookPoint.V))
                    .hasMessage("v is not a site of hidden_states; expected one of [resid_pre, attn_out, resid_mid,"
                            + " mlp_out, resid_post]");
        }
    }

    private static void assertNotFound(Runnable action, String message) {
        assertThatThrownBy(action::run)
                .hasMessage(message)
                .extracting(e -> ((VitrineException) e).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }
}
