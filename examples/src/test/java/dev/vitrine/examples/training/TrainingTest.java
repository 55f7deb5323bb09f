package dev.vitrine.examples.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrainingTest {
    private static final Gpt2Shape SHAPE = new Gpt2Shape(2, 3, 24, 20, 14, 26);

    @BeforeAll
    static void prepare() {
        NativeLibraries.prepare();
    }

    @Test
    void theSameSeedGivesTheSameFallingLosses() {
        float[] losses = losses(40, 3);
        assertThat(losses(40, 3)).containsExactly(losses);
        assertThat(losses[0]).isBetween(2.6f, 3.5f); // ln 14 = 2.64 where nothing is known
        assertThat(losses[39]).isLessThan(losses[0] - 0.4f);
        assertThat(losses(1, 4)[0]).isNotEqualTo(losses[0]);
    }

    private static float[] losses(int steps, long seed) {
        try (Training training = new Training(SHAPE, steps, seed)) {
            float[] losses = new float[steps];
            for (int step = 0; step < steps; step++) {
                losses[step] = training.step();
            }
            return losses;
        }
    }

    @Test
    void gradientsDoNotDependOnTheGarbageCollector() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyGpt2 model = new ToyGpt2(SHAPE, manager, 7)) {
            RepeatedSequences sequences = new RepeatedSequences(2, SHAPE.vocabulary(), new int[] {8, 10}, 5);
            Batch batch = Batch.of(sequences, 9, SHAPE, manager);
            List<float[]> undisturbed = gradients(model, batch, manager, () -> {});
            List<float[]> collected = gradients(model, batch, manager, TrainingTest::collectGarbage);
            assertThat(collected).hasSize(28);
            for (int i = 0; i < collected.size(); i++) {
                assertThat(collected.get(i)).containsExactly(undisturbed.get(i));
            }
        }
    }

    private static List<float[]> gradients(ToyGpt2 model, Batch batch, NDManager manager, Runnable beforeBackward) {
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            Map<String, NDArray> leaves = Training.leaves(model, scope);
            NDArray loss = Training.loss(model, batch, leaves);
            beforeBackward.run();
            collector.backward(loss);
            return leaves.values().stream()
                    .map(leaf -> leaf.getGradient().toFloatArray())
                    .toList();
        }
    }

    /** Frees every direct buffer that Java no longer holds, and writes over the memory that they had. */
    private static void collectGarbage() {
        List<ByteBuffer> overwritten = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            System.gc();
            IntStream.range(0, 20_000).forEach(i -> overwritten.add(filled(4 + i % 64)));
        }
        assertThat(overwritten).hasSize(60_000);
    }

    private static ByteBuffer filled(int bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0x55);
        }
        return buffer;
    }
}
