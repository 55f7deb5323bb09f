package dev.vitrine.udfs.attention;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.udfs.GoldenTensors;
import dev.vitrine.udfs.attention.AttentionEntropy.State;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionEntropyTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 127})
    void uniformRowHasTheLogarithmOfItsLength(int keys) {
        double[] row = new double[keys];
        Arrays.fill(row, 1.0 / keys);
        assertThat(entropy(row)).isCloseTo(Math.log(keys), within(1e-14));
    }

    @Test
    void handWorkedRow() {
        assertThat(entropy(0.5, 0.25, 0, 0.25)).isCloseTo(1.5 * Math.log(2), within(1e-15));
    }

    @Test
    void allOnOneKeyIsExactlyZero() {
        assertThat(entropy(0, 1, 0)).isZero();
    }

    @Test
    void rowsOfAGroupAreAveraged() {
        assertThat(entropy(0.5, 0.5, 0, 1)).isCloseTo(Math.log(2) / 2, within(1e-15));
    }

    @Test
    void withoutAttentionItIsNull() {
        assertThat(entropy()).isNull();
        assertThat(entropy(0, 0)).isNull();
    }

    @Test
    void nanIsNan() {
        assertThat(entropy(0.5, Double.NaN)).isNaN();
    }

    @Test
    void negativeWeightIsNamed() {
        assertInvalidArgument(
                () -> entropy(0.5, -0.25), "attention_entropy: weight is -0.25; expected attention of 0 or more");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4})
    void anySplitMergesToTheSame(int split) {
        double[] row = {0.1, 0.2, 0.3, 0.4};
        State left = AttentionEntropy.init();
        State right = AttentionEntropy.init();
        for (int i = 0; i < row.length; i++) {
            AttentionEntropy.add(i < split ? left : right, row[i]);
        }
        assertThat(AttentionEntropy.result(AttentionEntropy.merge(left, right))).isCloseTo(entropy(row), within(1e-15));
    }

    /** Both sides start from float32 attention whose rows sum to 1 within 1e-6; entropies reach 3. */
    @ParameterizedTest
    @CsvSource({"bert, 1", "bert, 2", "bert, 3", "gpt2, 1", "gpt2, 2", "gpt2, 3"})
    void headsHaveTheReferenceEntropies(String family, int prompt) {
        GoldenTensors goldens = GoldenTensors.of(family);
        float[] expected = goldens.values("p" + prompt + ".head.entropy");
        for (int layer = 0; layer < 3; layer++) {
            String name = "p" + prompt + ".l" + layer + ".attention";
            float[] attention = goldens.values(name);
            int cells = attention.length / 3;
            for (int head = 0; head < 3; head++) {
                State state = AttentionEntropy.init();
                for (int i = 0; i < cells; i++) {
                    AttentionEntropy.add(state, attention[head * cells + i]);
                }
                assertThat(AttentionEntropy.result(state)).isCloseTo(expected[layer * 3 + head], within(1e-5));
            }
        }
    }

    private static @Nullable Double entropy(double... weights) {
        State state = AttentionEntropy.init();
        for (double weight : weights) {
            state = AttentionEntropy.add(state, weight);
        }
        return AttentionEntropy.result(state);
    }
}
