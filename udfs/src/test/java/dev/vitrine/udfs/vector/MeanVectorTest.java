package dev.vitrine.udfs.vector;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.udfs.vector.MeanVector.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeanVectorTest {
    @Test
    void meansElementByElement() {
        assertThat(MeanVector.result(mean(new float[] {1, 2, 3}, new float[] {2, -2, 3}, new float[] {6, 3, 3})))
                .containsExactly(3, 1, 3);
    }

    @Test
    void groupWithoutVectorsIsNull() {
        assertThat(MeanVector.result(MeanVector.init())).isNull();
        assertThat(MeanVector.result(MeanVector.merge(MeanVector.init(), MeanVector.init())))
                .isNull();
    }

    @Test
    void meanOfEmptyVectorsIsEmpty() {
        assertThat(MeanVector.result(mean(new float[0], new float[0]))).isEmpty();
    }

    @Test
    void nanStaysInItsElement() {
        assertThat(MeanVector.result(mean(new float[] {Float.NaN, 1}, new float[] {0, 3})))
                .containsExactly(Float.NaN, 2);
    }

    /** 2²⁴ + 1 is not a float: a float sum would stop growing. */
    @Test
    void sumsInDouble() {
        State state = MeanVector.add(MeanVector.init(), new float[] {1 << 24});
        for (int i = 1; i < 1 << 12; i++) {
            state = MeanVector.add(state, new float[] {1});
        }
        assertThat(MeanVector.result(state)).containsExactly((float) (((1 << 24) + 4095) / 4096.0));
    }

    /** Sums of these small integers are exact, so every split gives the same bits. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, 7})
    void anySplitMergesToTheSame(int split) {
        State left = MeanVector.init();
        State right = MeanVector.init();
        for (int i = 0; i < 7; i++) {
            MeanVector.add(i < split ? left : right, new float[] {i, -3 * i, 1, 0, i * i});
        }
        assertThat(MeanVector.result(MeanVector.merge(left, right))).containsExactly(3, -9, 1, 0, 13);
    }

    @Test
    void differentLengthsAreNamed() {
        assertInvalidArgument(
                () -> mean(new float[3], new float[4]),
                "mean_vector: a vector has length 4, one before it in the group 3; expected equal lengths");
        assertInvalidArgument(
                () -> MeanVector.merge(mean(new float[2]), mean(new float[0])),
                "mean_vector: a vector has length 0, one before it in the group 2; expected equal lengths");
    }

    private static State mean(float[]... vectors) {
        State state = MeanVector.init();
        for (float[] vector : vectors) {
            state = MeanVector.add(state, vector);
        }
        return state;
    }
}
