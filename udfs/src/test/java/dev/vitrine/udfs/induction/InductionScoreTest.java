package dev.vitrine.udfs.induction;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InductionScoreTest {
    /** Attention of a causal head. */
    private interface Head {
        double weight(int query, int key);
    }

    /** Looks at the token after the previous copy, and at the first token where there is none. */
    private static Head perfect(int period) {
        return (query, key) -> key == (query >= period ? query - period + 1 : 0) ? 1 : 0;
    }

    private static final Head UNIFORM = (query, key) -> 1.0 / (query + 1);

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 3", "7, 2", "7, 5", "300, 2"})
    void perfectHeadScoresExactlyOne(int period, int copies) {
        assertThat(score(perfect(period), period, copies, 0)).isEqualTo(1);
    }

    /** Σ 1/(q+1) over the queries of copies 2 and later, divided by their number. */
    @ParameterizedTest
    @CsvSource({"1, 2", "3, 3", "7, 5"})
    void uniformHeadScoresItsExpectation(int period, int copies) {
        double sum = 0;
        for (int query = period; query < period * copies; query++) {
            sum += 1.0 / (query + 1);
        }
        assertThat(score(UNIFORM, period, copies, 0)).isEqualTo(sum / (period * (copies - 1)));
    }

    /** Hand-worked: period 2, queries 2 and 3 with targets 1 and 2; the mosaic would also count query 1. */
    @Test
    void queriesOfTheFirstCopyDoNotCount() {
        RepeatedBlock state = InductionScore.init();
        state = InductionScore.add(state, 1, 0, 0.75, 2);
        state = InductionScore.add(state, 2, 1, 0.5, 2);
        state = InductionScore.add(state, 2, 2, 0.25, 2);
        state = InductionScore.add(state, 3, 2, 1, 2);
        assertThat(InductionScore.result(state)).isEqualTo(0.75);
    }

    @Test
    void startTokenIsSubtractedFromBothPositions() {
        int period = 5;
        Head afterStart = (query, key) -> perfect(period).weight(query - 1, key - 1);
        assertThat(score(afterStart, period, 2, 1)).isEqualTo(1);
    }

    @Test
    void headThatLooksElsewhereScoresZero() {
        assertThat(score((query, key) -> key == query ? 1 : 0, 4, 3, 0)).isZero();
    }

    @Test
    void groupWithoutASecondCopyIsNull() {
        assertThat(score(UNIFORM, 6, 1, 0)).isNull();
        assertThat(InductionScore.result(InductionScore.init())).isNull();
    }

    @Test
    void nanIsNan() {
        assertThat(score((query, key) -> Double.NaN, 2, 2, 0)).isNaN();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7, 14})
    void anySplitMergesToTheSame(int split) {
        RepeatedBlock left = InductionScore.init();
        RepeatedBlock right = InductionScore.init();
        for (int query = 0; query < 14; query++) {
            for (int key = 0; key <= query; key++) {
                InductionScore.add(query < split ? left : right, query, key, UNIFORM.weight(query, key), 7);
            }
        }
        assertThat(InductionScore.result(InductionScore.merge(left, right)))
                .isCloseTo(score(UNIFORM, 7, 2, 0), within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void periodBelowOneIsNamed(int period) {
        assertInvalidArgument(
                () -> InductionScore.add(InductionScore.init(), 1, 0, 1, period),
                "induction_score: period is " + period + "; expected a block length of 1 or more tokens");
    }

    @Test
    void twoPeriodsInAGroupAreNamed() {
        String message = "induction_score: a group has the periods 4 and 5; expected one period per group";
        RepeatedBlock four = InductionScore.add(InductionScore.init(), 1, 0, 1, 4);
        RepeatedBlock five = InductionScore.add(InductionScore.init(), 1, 0, 1, 5);
        assertInvalidArgument(() -> InductionScore.merge(four, five), message);
        assertInvalidArgument(() -> InductionScore.add(four, 1, 0, 1, 5), message);
    }

    /** The score of a head on a block that is repeated after {@code start} other tokens. */
    private static @Nullable Double score(Head head, int period, int copies, int start) {
        RepeatedBlock state = InductionScore.init();
        for (int query = 0; query < start + period * copies; query++) {
            for (int key = 0; key <= query; key++) {
                state = InductionScore.add(state, query - start, key - start, head.weight(query, key), period);
            }
        }
        return InductionScore.result(state);
    }
}
