package dev.vitrine.udfs.correlation;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * cov(x, y) / √(cov(x, x) cov(y, y)) with m(x) = Σwx / Σw and cov(x, y) = Σw(x − m(x))(y − m(y)) / Σw. One pass: means and central
 * moments are updated row by row (West, "Updating mean and variance estimates", CACM 22(9), 1979) and states are merged as partitions
 * (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983), so that large means do not cancel the digits of
 * small variances.
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

    /** Sum of weights, weighted means, and weighted sums of squares and products about them. */
    public static final class State {
        private double weight;
        private double meanX;
        private double meanY;
        private double squaresX;
        private double squaresY;
        private double products;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, double x, double y, double w) {
        if (w == 0) {
            return state;
        }
        if (w < 0) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT, "weighted_corr: w is " + w + "; expected a weight of 0 or more");
        }
        return update(state, w, x, y, 0, 0, 0);
    }

    public static State merge(State state, State other) {
        if (other.weight == 0) {
            return state;
        }
        return update(state, other.weight, other.meanX, other.meanY, other.squaresX, other.squaresY, other.products);
    }

    /**
     * Adds {@code n} pairs of the same weight, given by their sums about one of them, (x0, y0). Sums about a point of the data lose no more
     * than a factor of {@code n} in accuracy: its squared distance from the mean is at most the sum of all squared distances.
     *
     * @param w weight of each pair; negative is {@code INVALID_ARGUMENT}
     * @param sx Σ(x − x0), and the others alike
     */
    public static State addEven(
            State state,
            double w,
            long n,
            double x0,
            double y0,
            double sx,
            double sy,
            double sxx,
            double syy,
            double sxy) {
        if (n == 0) {
            return state;
        }
        if (!(w > 0)) {
            return add(state, x0, y0, w);
        }
        double meanX = sx / n;
        double meanY = sy / n;
        double squaresX = Math.max(0, sxx - meanX * sx);
        double squaresY = Math.max(0, syy - meanY * sy);
        return update(state, w * n, x0 + meanX, y0 + meanY, w * squaresX, w * squaresY, w * (sxy - meanX * sy));
    }

    /**
     * A row is a part whose moments are 0. The mean moves from the heavier side, so that a far-off mean of little weight leaves no
     * rounding of its own size behind.
     */
    private static State update(
            State state, double w, double x, double y, double squaresX, double squaresY, double products) {
        double total = state.weight + w;
        double dx = x - state.meanX;
        double dy = y - state.meanY;
        double cross = state.weight * (w / total);
        if (w > state.weight) {
            double back = state.weight / total;
            state.meanX = x - back * dx;
            state.meanY = y - back * dy;
        } else {
            double share = w / total;
            state.meanX += share * dx;
            state.meanY += share * dy;
        }
        state.squaresX += squaresX + cross * dx * dx;
        state.squaresY += squaresY + cross * dy * dy;
        state.products += products + cross * dx * dy;
        state.weight = total;
        return state;
    }

    /** Null where the correlation is not defined; two rows that vary give ±1. */
    public static @Nullable Double result(State state) {
        if (state.squaresX == 0 || state.squaresY == 0) {
            return null;
        }
        double r = state.products / (Math.sqrt(state.squaresX) * Math.sqrt(state.squaresY));
        return Math.max(-1, Math.min(1, r));
    }
}
