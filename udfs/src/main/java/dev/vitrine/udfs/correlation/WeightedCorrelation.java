package dev.vitrine.udfs.correlation;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * cov(x, y) / √(cov(x, x) cov(y, y)) with m(x) = Σwx / Σw and cov(x, y) = Σw(x − m(x))(y − m(y)) / Σw. {@link WeightedMoments} keeps
 * the sums in one pass.
 */
@SqlFunction(
        name = "weighted_corr",
        arguments = {"x: a number", "y: a number", "w: weight of the pair, 0 or more; 0 leaves the row out"},
        summary =
                "Weighted Pearson correlation of x and y, from -1 to 1, normalised by the sum of weights; NULL where x or y does not vary"
                        + " over rows of positive weight, NaN where a value is NaN or infinite; a negative weight is an error.",
        source = "correlation_optimization.ipynb of chenxcynthia/transformers",
        example =
                "SELECT layer, head, weighted_corr(weight, query_pos - key_pos, 1) AS corr FROM attention WHERE prompt = 0 GROUP BY layer, head")
public final class WeightedCorrelation {
    private WeightedCorrelation() {}

    public static WeightedMoments init() {
        return new WeightedMoments();
    }

    public static WeightedMoments add(WeightedMoments state, double x, double y, double w) {
        if (w > 0) {
            state.add(x, y, w);
        } else if (w < 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT, "weighted_corr: w is " + w + "; expected a weight of 0 or more");
        } else if (w != 0) {
            state.add(x, y, w);
        }
        return state;
    }

    public static WeightedMoments merge(WeightedMoments state, WeightedMoments other) {
        state.merge(other);
        return state;
    }

    /** Null where the correlation is not defined; two rows that vary give ±1. */
    public static @Nullable Double result(WeightedMoments state) {
        return state.correlation();
    }
}
