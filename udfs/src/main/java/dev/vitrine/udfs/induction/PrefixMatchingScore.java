package dev.vitrine.udfs.induction;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a query of a repeated sequence to the tokens after all its earlier copies: Σ A[q, q − m·period + 1] over m ≥ 1, mean over
 * the queries of the second and later copies. With two copies it is the induction score. The published code also counts one wrong key
 * for the last token of each copy; this does not. Positions count as {@link RepeatedBlock} says.
 */
@SqlFunction(
        name = "prefix_matching_score",
        arguments = {
            "query_pos: position of the query, 0 at the start of the first copy; rows after the last copy are to be left out",
            "key_pos: position of the key, counted the same way",
            "weight: attention of the query to the key",
            "period: length of the repeated block in tokens, 1 or more, the same in the whole group"
        },
        summary =
                "Attention from queries of the second and later copies of a repeated block to the tokens after all the query's earlier"
                        + " copies, summed, mean over these queries, from 0 to 1; NULL for a group without such a row.",
        source = "Olsson et al. 2022, In-context Learning and Induction Heads; amazon-science/llm-interpret",
        example =
                "SELECT layer, head, prefix_matching_score(query_pos, key_pos, weight, 3) AS score FROM attention GROUP BY layer, head ORDER BY score DESC")
public final class PrefixMatchingScore {
    private PrefixMatchingScore() {}

    public static RepeatedBlock init() {
        return new RepeatedBlock("prefix_matching_score");
    }

    public static RepeatedBlock add(RepeatedBlock state, int queryPos, int keyPos, double weight, int period) {
        state.repeats(period);
        int target = queryPos - period + 1;
        if (queryPos >= period && keyPos > 0 && keyPos <= target && (target - keyPos) % period == 0) {
            state.attention(weight);
            if (keyPos == target) {
                state.query();
            }
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
