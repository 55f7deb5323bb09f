package dev.vitrine.udfs.attention;

import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Σ w |q − k| / Σ w. A row of attention sums to 1, so a group of one row gives that row's mean distance and a group of many rows gives
 * the mean over them.
 */
@SqlFunction(
        name = "attention_distance",
        arguments = {
            "query_pos: position of the query",
            "key_pos: position of the key",
            "weight: attention of the query to the key"
        },
        summary =
                "Mean distance in tokens between a query and the keys it attends to: of one row grouped by query, the mean over rows"
                        + " grouped by head; NULL where the weights sum to 0, NaN where a weight is NaN.",
        source = "Vig and Belinkov 2019, Analyzing the Structure of Attention in a Transformer Language Model",
        example =
                "SELECT layer, head, attention_distance(query_pos, key_pos, weight) AS distance FROM attention GROUP BY layer, head")
public final class AttentionDistance {
    private AttentionDistance() {}

    /** Σ w and Σ w |q − k|. */
    public static final class State {
        private double weights;
        private double distances;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, int queryPos, int keyPos, double weight) {
        state.weights += weight;
        state.distances += weight * Math.abs(queryPos - keyPos);
        return state;
    }

    public static State merge(State state, State other) {
        state.weights += other.weights;
        state.distances += other.distances;
        return state;
    }

    public static @Nullable Double result(State state) {
        return state.weights == 0 ? null : state.distances / state.weights;
    }
}
