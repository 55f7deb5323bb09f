package dev.vitrine.examples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.NativeLibraries;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {
    /** Expected values: torch.optim.Adam 2.15 with betas (0.9, 0.98), eps 1e-9. */
    @Test
    void stepsAsTorchDoes() {
        NativeLibraries.prepare();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weights = manager.create(new float[] {1, -2, 0.5f});
            Adam adam = new Adam(List.of(weights), manager);
            step(adam, manager, 0.1, 0.5f, -1, 3);
            expect(weights, 0.9f, -1.9f, 0.4f);
            step(adam, manager, 0.05, 0.25f, 2, 0);
            expect(weights, 0.8532561f, -1.9182527f, 0.36633497f);
            step(adam, manager, 0.2, -1, 0.125f, 1e-3f);
            expect(weights, 0.8943019f, -1.9820228f, 0.26169407f);
        }
    }

    private static void step(Adam adam, NDManager manager, double rate, float... gradient) {
        adam.step(List.of(manager.create(gradient)), rate);
    }

    private static void expect(NDArray weights, float... expected) {
        assertThat(weights.toFloatArray()).containsExactly(expected, within(2e-7f));
    }
}
