package dev.vitrine.udfs.induction;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mean attention that a query of a repeated sequence pays to its own previous copy: A[q, q − period], over the queries of the second
 * and later copies. Positions count as {@link RepeatedBlock} says.
 */
@SqlFunction(
        name = "duplicate_token_score",
        arguments = {
            "query_pos: position of the query, 0 at the start of the first copy; rows after the last copy are to be left out",
            "key_pos: position of the key, counted the same way",
            "weight: attention of the query to the key",
            "period: length of the repeated block in tokens, 1 or more, the same in the whole group"
        },
        summary =
                "Mean attention from queries of the second and later copies of a repeated block to the same token of the previous copy"
                        + " (key_pos = query_pos - period, key_pos >= 0), from 0 to 1; NULL for a group without such a row.",
        source = "diagonal of TransformerLens",
        example =
                "SELECT layer, head, duplicate_token_score(query_pos, key_pos, weight, 3) AS score FROM attention GROUP BY layer, head ORDER BY score DESC")
public final class DuplicateTokenScore {
    private DuplicateTokenScore() {}

    public static RepeatedBlock init() {
        return new RepeatedBlock("duplicate_token_score");
    }

    public static RepeatedBlock add(RepeatedBlock state, int queryPos, int keyPos, double weight, int period) {
        state.repeats(period);
        if (keyPos >= 0 && keyPos == queryPos - period) {
            state.query();
            state.attention(weight);
        }
        return state;
    }

    public static RepeatedBlock merge(RepeatedBlock state, RepeatedBlock other) {
        return state.merge(other);
    }

    public static @Nullable Double result(RepeatedBlock state) {
        return state.mean();
    }
}
