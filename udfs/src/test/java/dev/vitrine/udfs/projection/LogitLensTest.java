package dev.vitrine.udfs.projection;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.GoldenStore;
import dev.vitrine.udfs.GoldenTensors;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogitLensTest {
    /** Prompt 3 has 29 tokens, so that the last block of positions is not full. Activations are within 1e-4 + 1e-5·|value|. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void statesHaveTheReferenceTokens(String family, @TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, family, List.of(0, 1, 2))) {
            assertStates(context, family, 1);
            assertStates(context, family, 3);
        }
    }

    private static void assertStates(GoldenStore context, String family, int prompt) {
        GoldenTensors goldens = GoldenTensors.of(family);
        float[] scores = goldens.values("p" + prompt + ".lens.scores");
        long[] tokens = goldens.ids("p" + prompt + ".lens.tokens");
        Iterator<Object[]> rows = LogitLens.rows(context, family, prompt, 10).iterator();
        int n = context.store().run(family).tokens(prompt);
        for (int at = 0; at < scores.length; at++) {
            Object[] row = rows.next();
            int state = at / 10 / n;
            assertThat(row)
                    .startsWith(
                            Math.max(0, state - 1), state == 0 ? "resid_pre" : "resid_post", at / 10 % n, at % 10 + 1);
            assertThat((float) row[6]).isCloseTo(scores[at], within(1e-4f + 1e-5f * Math.abs(scores[at])));
            boolean apart = (at % 10 == 0 || scores[at - 1] - scores[at] > 2e-4)
                    && (at % 10 == 9 || scores[at] - scores[at + 1] > 2e-4);
            if (apart) {
                assertThat((int) row[4]).isEqualTo((int) tokens[at]);
            }
            assertThat(row[5]).isEqualTo(context.model(family).tokenizer().token((int) row[4]));
        }
        assertThat(rows.hasNext()).isFalse();
    }

    @Test
    void runOfSomeLayersGivesThose(@TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, "gpt2", List.of(1))) {
            assertThat(LogitLens.rows(context, "gpt2", 0, 1))
                    .singleElement()
                    .satisfies(row -> assertThat(row).startsWith(1, "resid_post", 0, 1));
        }
    }

    @Test
    void wrongArgumentsAreNamed(@TempDir Path folder) {
        try (GoldenStore context = GoldenStore.write(folder, "gpt2", List.of(2))) {
            assertInvalidArgument(
                    () -> LogitLens.rows(context, "gpt2", 5, 1),
                    "logit_lens: prompt is 5; expected 0 to 4, the prompts of run gpt2");
            assertInvalidArgument(
                    () -> LogitLens.rows(context, "gpt2", 0, 300),
                    "logit_lens: k is 300; expected 1 to 290, the vocabulary of model model");
        }
    }

    @Test
    void modelWithoutAHeadIsNamed(@TempDir Path folder) {
        List<long[]> prompts = List.of(new long[] {2, 5, 3});
        try (GoldenStore context = GoldenStore.write(folder, "bert-base-prefixless", List.of(1), prompts)) {
            assertThatThrownBy(() -> LogitLens.rows(context, "bert-base-prefixless", 0, 1)
                            .iterator()
                            .next())
                    .isInstanceOfSatisfying(
                            VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                    .hasMessage("model has no language-model head, so there are no logits;"
                            + " expected one saved with its head (model model)");
        }
    }
}
