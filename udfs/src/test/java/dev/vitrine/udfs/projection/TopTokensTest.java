package dev.vitrine.udfs.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopTokensTest {
    @Test
    void highestComeFirst() {
        assertThat(TopTokens.of(new float[] {0.5f, -2, 3, -0.25f, 1e-40f}, 0, 5, 5))
                .containsExactly(2, 0, 4, 3, 1);
    }

    @Test
    void tiesAreInTheOrderOfIds() {
        assertThat(TopTokens.of(new float[] {-0f, 1, 0, 1, -0f}, 0, 5, 4)).containsExactly(1, 3, 0, 2);
    }

    @Test
    void nanIsLast() {
        float infinity = Float.POSITIVE_INFINITY;
        assertThat(TopTokens.of(new float[] {Float.NaN, -infinity, infinity, 0}, 0, 4, 4))
                .containsExactly(2, 3, 1, 0);
    }

    @Test
    void rangeIsRespected() {
        assertThat(TopTokens.of(new float[] {9, 1, 2, 9}, 1, 2, 1)).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 503, 504, 1008, 1009})
    void equalsAFullSort(int k) {
        Random random = new Random(5);
        float[] scores = new float[1009];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.round(random.nextGaussian() * 50);
        }
        Comparator<Integer> highestFirst = Comparator.comparing(id -> -scores[id]);
        int[] expected = IntStream.range(0, scores.length)
                .boxed()
                .sorted(highestFirst)
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(TopTokens.of(scores, 0, scores.length, k)).containsExactly(expected);
    }
}
