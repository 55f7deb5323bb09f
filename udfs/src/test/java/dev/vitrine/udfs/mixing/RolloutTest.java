package dev.vitrine.udfs.mixing;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.GoldenStore;
import dev.vitrine.udfs.GoldenTensors;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {
    /** Attention from the forward pass is within 2e-5 of the reference's, and three layers are multiplied. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void storedRunHasTheReferenceValues(String family, @TempDir Path folder) {
        GoldenTensors goldens = GoldenTensors.of(family);
        try (GoldenStore context = GoldenStore.write(folder, family, List.of(0, 1, 2))) {
            for (int prompt = 1; prompt < 5; prompt++) {
                Iterator<Object[]> rows = Rollout.rows(context, family, prompt).iterator();
                for (int layer = 0; layer < 3; layer++) {
                    String name = "p" + prompt + ".rollout.attention.l" + layer;
                    float[] expected = goldens.values(name);
                    int n = goldens.size(name, 0);
                    for (int query = 0; query < n; query++) {
                        for (int key = 0; key < (family.equals("gpt2") ? query + 1 : n); key++) {
                            Object[] row = rows.next();
                            assertThat(row).startsWith(layer, query, key);
                            assertThat((float) row[3]).isCloseTo(expected[query * n + key], within(6e-5f));
                        }
                    }
                }
                assertThat(rows.hasNext()).isFalse();
                assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
            }
        }
    }

    @Test
    void wrongArgumentsAreNamed(@TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, "gpt2", List.of(0, 2))) {
            assertInvalidArgument(
                    () -> Rollout.rows(context, "gpt2", 5),
                    "rollout: prompt is 5; expected 0 to 4, the prompts of run gpt2");
            assertInvalidArgument(
                    () -> Rollout.rows(context, "gpt2", -1),
                    "rollout: prompt is -1; expected 0 to 4, the prompts of run gpt2");
            assertInvalidArgument(
                    () -> Rollout.rows(context, "gpt2", 0),
                    "rollout: run gpt2 keeps the layers [0, 2]; expected all layers from 0 on");
            assertThatThrownBy(() -> Rollout.rows(context, "none", 0))
                    .isInstanceOfSatisfying(
                            VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void cancelledQueryStops(@TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, "gpt2", List.of(0))) {
            Iterator<Object[]> rows =
                    Rollout.rows(new Cancelled(context), "gpt2", 3).iterator();
            assertThatThrownBy(rows::next).hasMessage("cancelled");
        }
    }

    private record Cancelled(FunctionContext context) implements FunctionContext {
        @Override
        public Store store() {
            return context.store();
        }

        @Override
        public TransformerModel model(Run run) {
            return context.model(run);
        }

        @Override
        public TransformerModel model(String name) {
            return context.model(name);
        }

        @Override
        public void checkActive() {
            throw new VitrineException(ErrorCode.CANCELLED, "cancelled");
        }
    }
}
