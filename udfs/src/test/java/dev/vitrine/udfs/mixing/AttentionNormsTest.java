package dev.vitrine.udfs.mixing;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import dev.vitrine.udfs.GoldenStore;
import dev.vitrine.udfs.GoldenTensors;
import dev.vitrine.udfs.vector.VectorMath;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionNormsTest {
    /** Activations are within 1e-4 + 1e-5·|value| of the reference's, attention within 2e-5; norms reach 20. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void storedRunHasTheReferenceNorms(String family, @TempDir Path folder) {
        GoldenTensors goldens = GoldenTensors.of(family);
        try (GoldenStore context = GoldenStore.write(folder, family, List.of(0, 1, 2))) {
            for (int prompt : new int[] {1, 4}) {
                Iterator<Object[]> rows =
                        AttentionNorms.rows(context, family, prompt).iterator();
                for (int layer = 0; layer < 3; layer++) {
                    String name = "p" + prompt + ".norm.";
                    float[] norm = goldens.values(name + "n.l" + layer);
                    float[] residual = goldens.values(name + "res.l" + layer);
                    int n = goldens.size(name + "n.l" + layer, 0);
                    for (int query = 0; query < n; query++) {
                        for (int key = 0; key < (family.equals("gpt2") ? query + 1 : n); key++) {
                            Object[] row = rows.next();
                            int at = query * n + key;
                            assertThat(row).startsWith(layer, query, key);
                            assertThat((double) row[3]).isCloseTo(norm[at], within(2e-4));
                            assertThat((double) row[4]).isCloseTo(residual[at], within(2e-4));
                        }
                    }
                }
                assertThat(rows.hasNext()).isFalse();
            }
        }
    }

    /** The first query of a decoder sees itself alone, so what attention carries is attn_out; four query heads share two value heads. */
    @Test
    void sharedValueHeadsGiveTheLengthOfAttnOut(@TempDir Path folder) {
        List<long[]> prompts = List.of(new long[] {1, 5, 9});
        try (GoldenStore context = GoldenStore.write(folder, "llama", List.of(0, 1), prompts)) {
            Run run = context.store().run("llama");
            assertThat(run.model().kvHeads()).isLessThan(run.model().heads());
            float[] vector = new float[run.model().dModel()];
            for (Object[] row : AttentionNorms.rows(context, "llama", 0)) {
                if (row[1].equals(0)) {
                    run.hidden(HookPoint.ATTN_OUT).vector(0, (int) row[0], 0, 0, vector);
                    assertThat((double) row[3]).isCloseTo(VectorMath.norm(vector), within(1e-4));
                    run.hidden(HookPoint.RESID_MID).vector(0, (int) row[0], 0, 0, vector);
                    assertThat((double) row[4]).isCloseTo(VectorMath.norm(vector), within(1e-4));
                }
            }
        }
    }

    @Test
    void runOfSomeLayersGivesThose(@TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, "gpt2", List.of(0, 2))) {
            assertThat(AttentionNorms.rows(context, "gpt2", 0))
                    .extracting(row -> row[0])
                    .containsExactly(0, 2);
            assertInvalidArgument(
                    () -> AttentionNorms.rows(context, "gpt2", 5),
                    "attention_norms: prompt is 5; expected 0 to 4, the prompts of run gpt2");
        }
    }
}
