package dev.vitrine.udfs.induction;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mean attention that a query of a repeated sequence pays to the token after its previous copy: A[q, q − period + 1], over the queries
 * of the second and later copies. So a head that always looks there scores exactly 1, unlike the mean over the whole diagonal of the
 * induction mosaic, which also counts queries of the first copy. Positions count as {@link RepeatedBlock} says.
 */
@SqlFunction(
        name = "induction_score",
        arguments = {
            "query_pos: position of the query, 0 at the start of the first copy; rows after the last copy are to be left out",
            "key_pos: position of the key, counted the same way",
            "weight: attention of the query to the key",
            "period: length of the repeated block in tokens, 1 or more, the same in the whole group"
        },
        summary =
                "Mean attention from queries of the second and later copies of a repeated block to the token after the query's previous"
                        + " copy (key_pos = query_pos - period + 1, query_pos >= period), from 0 to 1; NULL for a group without such a row.",
        source =
                "Olsson et al. 2022, In-context Learning and Induction Heads; diagonal of TransformerLens, second and later copies only",
        example =
                "SELECT layer, head, induction_score(query_pos, key_pos, weight, 3) AS score FROM attention GROUP BY layer, head ORDER BY score DESC")
public final class InductionScore {
    private InductionScore() {}

    public static RepeatedBlock init() {
        return new RepeatedBlock("induction_score");
    }

    public static RepeatedBlock add(RepeatedBlock state, int queryPos, int keyPos, double weight, int period) {
        state.repeats(period);
        if (queryPos >= period && keyPos == queryPos - period + 1) {
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
