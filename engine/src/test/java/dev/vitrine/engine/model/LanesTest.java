package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.TorchThreads;
import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Passes side by side. */
class LanesTest {
    private static final int THREADS = 4;

    @RegisterExtension
    private final TorchThreads torch = new TorchThreads();

    @BeforeEach
    void setThreads() {
        torch.set(THREADS);
    }

    @Test
    void eachHasHalfOfTorchsThreadsAndOthersKeepAll() throws InterruptedException, ExecutionException {
        Set<Integer> inside = new ConcurrentSkipListSet<>();
        CountDownLatch both = new CountDownLatch(2);
        try (Lanes lanes = new Lanes()) {
            Runnable pass = () -> {
                inside.add(JniUtils.getNumThreads());
                both.countDown();
                await(both);
            };
            CompletableFuture.allOf(lanes.run(pass), lanes.run(pass)).get();
            assertThat(inside).containsExactly(THREADS / 2);
            assertThat(JniUtils.getNumThreads()).isEqualTo(THREADS);
            assertThat(CompletableFuture.supplyAsync(JniUtils::getNumThreads, run -> new Thread(run).start())
                            .get())
                    .isEqualTo(THREADS);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps the last hidden state. */
    private static final class LastHidden implements ActivationSink {
        private float[] numbers = {};

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook == HookPoint.FINAL;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            numbers = activation.toFloatArray();
        }
    }

    /** Forty passes of different prompts, and others on all threads meanwhile, give what each gives alone, within float32's rounding. */
    @Test
    void doNotDisturbEachOther() throws InterruptedException, ExecutionException {
        try (TransformerModel model = TransformerModel.open("src/test/resources/goldens/gpt2/model")) {
            int passes = 40;
            List<LastHidden> alone = new ArrayList<>();
            List<LastHidden> beside = new ArrayList<>();
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < passes; i++) {
                long[] ids = ids(i, 1 + i * 17 % 61);
                alone.add(new LastHidden());
                beside.add(new LastHidden());
                model.forward(ids, alone.get(i));
                running.add(model.forwardBeside(List.of(new BatchedPrompt(ids, beside.get(i)))));
            }
            for (CompletableFuture<Void> each : running) {
                each.get();
            }
            Set<Integer> seen = new TreeSet<>();
            for (int i = 0; i < passes; i++) {
                float[] expected = alone.get(i).numbers;
                float[] actual = beside.get(i).numbers;
                assertThat(actual).as("prompt " + i).hasSameSizeAs(expected);
                for (int j = 0; j < expected.length; j++) {
                    assertThat(Math.abs(actual[j] - expected[j]))
                            .as("prompt " + i + ", number " + j)
                            .isLessThanOrEqualTo(1e-5f + 1e-5f * Math.abs(expected[j]));
                }
                seen.add(Arrays.hashCode(expected));
            }
            assertThat(seen).as("different prompts give different numbers").hasSizeGreaterThan(30);
        }
    }

    private static long[] ids(int prompt, int length) {
        return IntStream.range(0, length)
                .mapToLong(i -> (prompt * 31L + i * 7L) % 50)
                .toArray();
    }

    @Test
    void oneThreadIsNotShared() {
        assertThat(Lanes.possible()).isTrue();
        torch.set(1);
        assertThat(Lanes.possible()).isFalse();
    }

    @Test
    void whatAPassThrowsIsGivenToWhoeverWaitsForIt() {
        try (TransformerModel model = TransformerModel.open("src/test/resources/goldens/gpt2/model")) {
            CompletableFuture<Void> bad =
                    model.forwardBeside(List.of(new BatchedPrompt(new long[0], new LastHidden())));
            assertThatThrownBy(bad::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(VitrineException.class)
                    .hasMessageStartingWith("prompt has no tokens; expected 1 to ")
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.BAD_PROMPT);
        }
    }
}
