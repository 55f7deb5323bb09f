package dev.vitrine.udfs.induction;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import org.jspecify.annotations.Nullable;

/**
 * State of the scores on a block of {@code period} tokens that is repeated from position 0 on: a sum of attention, and the number of
 * queries it is over. Queries of the second and later copies are those with q ≥ period; the previous copy of q is q − period. Where a
 * start token comes first, give {@code query_pos - 1} and {@code key_pos - 1}; where tokens follow the last copy, leave their queries
 * out, since what an aggregate sees does not tell where the copies end.
 */
public final class RepeatedBlock {
    private final String function;
    private int period;
    private long queries;
    private double sum;

    RepeatedBlock(String function) {
        this.function = function;
    }

    /** Says what the period is, row by row; {@code INVALID_ARGUMENT} where it is not positive or not the one of the rows before. */
    void repeats(int rowPeriod) {
        if (rowPeriod == period && rowPeriod != 0) {
            return;
        }
        if (rowPeriod <= 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": period is " + rowPeriod + "; expected a block length of 1 or more tokens");
        }
        if (period != 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": a group has the periods " + period + " and " + rowPeriod
                            + "; expected one period per group");
        }
        period = rowPeriod;
    }

    void attention(double weight) {
        sum += weight;
    }

    void query() {
        queries++;
    }

    RepeatedBlock merge(RepeatedBlock other) {
        if (other.period != 0) {
            repeats(other.period);
        }
        queries += other.queries;
        sum += other.sum;
        return this;
    }

    /** Attention per query; null without one. */
    @Nullable
    Double mean() {
        return queries == 0 ? null : sum / queries;
    }
}
