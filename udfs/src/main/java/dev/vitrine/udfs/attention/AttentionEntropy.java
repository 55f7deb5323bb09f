package dev.vitrine.udfs.attention;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Σ −w ln w / Σ w with 0 ln 0 = 0. A row of attention sums to 1, so a group of one row gives that row's entropy and a group of many
 * rows gives the mean of their entropies.
 */
@SqlFunction(
        name = "attention_entropy",
        arguments = {"weight: attention of a query to a key, 0 or more"},
        summary =
                "Entropy of attention in nats, from 0 to the logarithm of the number of keys: of one row grouped by query, the mean over"
                        + " rows grouped by head; NULL where the weights sum to 0, NaN where a weight is NaN; a negative weight is an error.",
        source = "Clark et al. 2019, What Does BERT Look At?",
        example = "SELECT layer, head, attention_entropy(weight) AS entropy FROM attention GROUP BY layer, head")
public final class AttentionEntropy {
    private AttentionEntropy() {}

    /** Σ w and Σ −w ln w. */
    public static final class State {
        private double weights;
        private double entropies;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, double weight) {
        if (weight < 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "attention_entropy: weight is " + weight + "; expected attention of 0 or more");
        }
        state.weights += weight;
        if (weight > 0) {
            state.entropies -= weight * Math.log(weight);
        }
        return state;
    }

    /** Adds weights, none of them negative, by their sums: Σ w, and Σ w ln w over those greater than 0. */
    public static State addSums(State state, double weights, double xLnX) {
        state.weights += weights;
        state.entropies -= xLnX;
        return state;
    }

    public static State merge(State state, State other) {
        state.weights += other.weights;
        state.entropies += other.entropies;
        return state;
    }

    public static @Nullable Double result(State state) {
        return state.weights == 0 ? null : state.entropies / state.weights;
    }
}
