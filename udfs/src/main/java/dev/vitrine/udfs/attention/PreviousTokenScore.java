package dev.vitrine.udfs.attention;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/** Mean of A[q, q − 1] over the queries that have a token before them. */
@SqlFunction(
        name = "previous_token_score",
        arguments = {
            "query_pos: position of the query",
            "key_pos: position of the key",
            "weight: attention of the query to the key"
        },
        summary =
                "Mean attention from queries to the token before them (key_pos = query_pos - 1), from 0 to 1; NULL for a group without"
                        + " such a row.",
        source = "diagonal of TransformerLens",
        example =
                "SELECT layer, head, previous_token_score(query_pos, key_pos, weight) AS score FROM attention GROUP BY layer, head ORDER BY score DESC")
public final class PreviousTokenScore {
    private PreviousTokenScore() {}

    /** Sum and number of the weights that count. */
    public static final class State {
        private long queries;
        private double sum;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, int queryPos, int keyPos, double weight) {
        if (keyPos == queryPos - 1) {
            state.queries++;
            state.sum += weight;
        }
        return state;
    }

    public static State merge(State state, State other) {
        state.queries += other.queries;
        state.sum += other.sum;
        return state;
    }

    public static @Nullable Double result(State state) {
        return state.queries == 0 ? null : state.sum / state.queries;
    }
}
