package dev.vitrine.udfs.induction;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mean attention that a query of a repeated sequence pays to the token after its previous copy. A block of {@code period} tokens is
 * repeated from position 0 on: the previous copy of position q is q − period, the token after it is q − period + 1, and the rows that
 * count are those of queries in the second and later copies, q ≥ period. So a head that always looks there scores exactly 1, unlike
 * the mean over the whole diagonal of the induction mosaic, which also counts queries of the first copy. Where a start token comes
 * first, give {@code query_pos - 1} and {@code key_pos - 1}.
 */
@SqlFunction(
        name = "induction_score",
        arguments = {
            "query_pos: position of the query, 0 at the start of the first copy",
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

    /** Sum and number of the weights that count; period 0 until the first row. */
    public static final class State {
        private int period;
        private long rows;
        private double sum;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, int queryPos, int keyPos, double weight, int period) {
        if (period != state.period || period == 0) {
            setPeriod(state, period);
        }
        if (queryPos >= period && keyPos == queryPos - period + 1) {
            state.rows++;
            state.sum += weight;
        }
        return state;
    }

    public static State merge(State state, State other) {
        if (other.period != 0 && other.period != state.period) {
            setPeriod(state, other.period);
        }
        state.rows += other.rows;
        state.sum += other.sum;
        return state;
    }

    public static @Nullable Double result(State state) {
        return state.rows == 0 ? null : state.sum / state.rows;
    }

    private static void setPeriod(State state, int period) {
        if (period <= 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "induction_score: period is " + period + "; expected a block length of 1 or more tokens");
        }
        if (state.period != 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "induction_score: a group has the periods " + state.period + " and " + period
                            + "; expected one period per group");
        }
        state.period = period;
    }
}
