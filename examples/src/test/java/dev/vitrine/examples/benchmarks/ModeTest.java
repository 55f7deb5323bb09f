package dev.vitrine.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModeTest {
    /** As many layers, heads and tokens as {@link Pick} and the prompts ask for, but narrow. */
    private static final Gpt2Shape SHAPE = new Gpt2Shape(12, 12, 72, 101, BenchmarkModel.SMALL.vocabulary(), 19);

    @Test
    void allModesKeepTheSameNumbers(@TempDir Path folder) throws IOException {
        Path modelFolder = folder.resolve("model");
        BenchmarkModel.write(modelFolder, SHAPE);
        try (TransformerModel model = TransformerModel.open(modelFolder.toString())) {
            Mode captured = new ForwardMode(model, 19, 2, true);
            captured.run();
            float[] expected = captured.check();
            assertThat(expected).hasSize(5).doesNotContain(0);

            Mode beside = new BesideMode(model, 19, 3);
            beside.run();
            assertThat(beside.check()).isEqualTo(expected);

            DurableMode durable = new DurableMode(model, 19, 2, folder.resolve("store"));
            for (int run = 0; run < 2; run++) {
                durable.prepare();
                durable.run();
                // Prompts that share a pass are summed in another order: a few units in the last place of values below
                // 1.
                assertThat(durable.check()).containsExactly(expected, within(1e-6f));
            }
            assertThat(durable.storedPerPrompt()).isGreaterThan(12L * 19 * 72 * 8 * Float.BYTES);
        }
    }
}
