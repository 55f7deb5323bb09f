package dev.vitrine.udfs.induction;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** duplicate_token_score and prefix_matching_score on the attention of uniform and perfect causal heads. */
class EarlierCopyScoresTest {
    /** A uniform head: one key of q + 1 per query for the duplicate, as many as there are earlier copies for prefix matching. */
    @ParameterizedTest
    @CsvSource({"1, 2", "3, 3", "7, 5"})
    void uniformHeadScoresItsExpectation(int period, int copies) {
        RepeatedBlock duplicate = DuplicateTokenScore.init();
        RepeatedBlock prefix = PrefixMatchingScore.init();
        double expectedDuplicate = 0;
        double expectedPrefix = 0;
        for (int query = 0; query < period * copies; query++) {
            for (int key = 0; key <= query; key++) {
                DuplicateTokenScore.add(duplicate, query, key, 1.0 / (query + 1), period);
                PrefixMatchingScore.add(prefix, query, key, 1.0 / (query + 1), period);
            }
            if (query >= period) {
                expectedDuplicate += 1.0 / (query + 1);
                int earlierCopies = query / period;
                expectedPrefix += earlierCopies / (query + 1.0);
            }
        }
        int queries = period * (copies - 1);
        assertThat(DuplicateTokenScore.result(duplicate)).isCloseTo(expectedDuplicate / queries, within(1e-15));
        assertThat(PrefixMatchingScore.result(prefix)).isCloseTo(expectedPrefix / queries, within(1e-14));
    }

    @Test
    void perfectHeadsScoreExactlyOne() {
        RepeatedBlock duplicate = DuplicateTokenScore.init();
        RepeatedBlock prefix = PrefixMatchingScore.init();
        for (int query = 0; query < 21; query++) {
            for (int key = 0; key <= query; key++) {
                DuplicateTokenScore.add(duplicate, query, key, key == query - 7 ? 1 : 0, 7);
                PrefixMatchingScore.add(prefix, query, key, key == query % 7 + 1 ? 1 : 0, 7);
            }
        }
        assertThat(DuplicateTokenScore.result(duplicate)).isEqualTo(1);
        assertThat(PrefixMatchingScore.result(prefix)).isEqualTo(1);
    }

    /** Period 3: query 8, the last token of the third copy, has the successors 6 and 3; position 0 follows no copy of it. */
    @Test
    void lastTokenOfACopyHasNoSuccessorAtTheStart() {
        RepeatedBlock prefix = PrefixMatchingScore.init();
        double[] weights = {0.25, 0, 0, 0.125, 0, 0, 0.5, 0.0625, 0.0625};
        for (int key = 0; key < weights.length; key++) {
            PrefixMatchingScore.add(prefix, 8, key, weights[key], 3);
        }
        assertThat(PrefixMatchingScore.result(prefix)).isEqualTo(0.625);
    }

    @Test
    void firstCopyAloneIsNull() {
        assertThat(DuplicateTokenScore.result(DuplicateTokenScore.add(DuplicateTokenScore.init(), 2, 1, 1, 3)))
                .isNull();
        assertThat(PrefixMatchingScore.result(PrefixMatchingScore.add(PrefixMatchingScore.init(), 2, 1, 1, 3)))
                .isNull();
    }

    @Test
    void periodBelowOneIsNamed() {
        assertInvalidArgument(
                () -> DuplicateTokenScore.add(DuplicateTokenScore.init(), 1, 0, 1, 0),
                "duplicate_token_score: period is 0; expected a block length of 1 or more tokens");
        assertInvalidArgument(
                () -> PrefixMatchingScore.add(PrefixMatchingScore.init(), 1, 0, 1, -1),
                "prefix_matching_score: period is -1; expected a block length of 1 or more tokens");
    }
}
