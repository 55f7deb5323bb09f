package dev.vitrine.udfs.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.udfs.GoldenTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** attention_distance and previous_token_score. */
class AttentionPositionsTest {
    @Test
    void handWorkedRows() {
        AttentionDistance.State distance = AttentionDistance.init();
        PreviousTokenScore.State previous = PreviousTokenScore.init();
        double[][] rows = {{1, 0, 0}, {0.25, 0.5, 0.25}, {0.5, 0.25, 0.25}};
        for (int query = 0; query < 3; query++) {
            for (int key = 0; key < 3; key++) {
                AttentionDistance.add(distance, query, key, rows[query][key]);
                PreviousTokenScore.add(previous, query, key, rows[query][key]);
            }
        }
        assertThat(AttentionDistance.result(distance)).isEqualTo((0 + 0.5 + 1.25) / 3);
        assertThat(PreviousTokenScore.result(previous)).isEqualTo(0.25);
    }

    @Test
    void withoutRowsItIsNull() {
        assertThat(AttentionDistance.result(AttentionDistance.init())).isNull();
        assertThat(PreviousTokenScore.result(PreviousTokenScore.init())).isNull();
        assertThat(PreviousTokenScore.result(PreviousTokenScore.add(PreviousTokenScore.init(), 0, 0, 1)))
                .isNull();
    }

    @Test
    void statesMerge() {
        AttentionDistance.State distance = AttentionDistance.merge(
                AttentionDistance.add(AttentionDistance.init(), 7, 4, 0.5),
                AttentionDistance.add(AttentionDistance.init(), 2, 3, 0.5));
        assertThat(AttentionDistance.result(distance)).isEqualTo(2);
        PreviousTokenScore.State previous = PreviousTokenScore.merge(
                PreviousTokenScore.add(PreviousTokenScore.init(), 7, 6, 0.5),
                PreviousTokenScore.add(PreviousTokenScore.init(), 3, 2, 1));
        assertThat(PreviousTokenScore.result(previous)).isEqualTo(0.75);
    }

    /** Distances reach 28, and float32 rows sum to 1 within 1e-6. */
    @ParameterizedTest
    @CsvSource({"bert, 1", "bert, 2", "bert, 3", "gpt2, 1", "gpt2, 2", "gpt2, 3"})
    void headsHaveTheReferenceDistances(String family, int prompt) {
        GoldenTensors goldens = GoldenTensors.of(family);
        float[] expected = goldens.values("p" + prompt + ".head.distance");
        for (int layer = 0; layer < 3; layer++) {
            String name = "p" + prompt + ".l" + layer + ".attention";
            float[] attention = goldens.values(name);
            int n = goldens.size(name, 1);
            for (int head = 0; head < 3; head++) {
                AttentionDistance.State state = AttentionDistance.init();
                for (int i = 0; i < n * n; i++) {
                    AttentionDistance.add(state, i / n, i % n, attention[head * n * n + i]);
                }
                assertThat(AttentionDistance.result(state)).isCloseTo(expected[layer * 3 + head], within(1e-5));
            }
        }
    }
}
