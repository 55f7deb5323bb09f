package dev.vitrine.udfs.vector;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.SqlFunction;
import org.jspecify.annotations.Nullable;

/** Σ v / n, element by element. */
@SqlFunction(
        name = "mean_vector",
        arguments = {"vector: vectors of one length"},
        summary =
                "Mean of the group's vectors, element by element, summed in DOUBLE; NULL for a group without vectors.",
        source = "definition",
        example =
                "SELECT layer, mean_vector(vector) AS centroid FROM hidden_states WHERE prompt = 0 AND site = 'resid_post' GROUP BY layer")
public final class MeanVector {
    private MeanVector() {}

    /** Sums so far; no elements until the first vector comes, which sets the length. */
    public static final class State {
        private double @Nullable [] sums;
        private long count;
    }

    public static State init() {
        return new State();
    }

    public static State add(State state, float[] vector) {
        double[] sums = sums(state, vector.length);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += vector[i];
        }
        state.count++;
        return state;
    }

    public static State merge(State state, State other) {
        if (other.sums != null) {
            double[] sums = sums(state, other.sums.length);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += other.sums[i];
            }
            state.count += other.count;
        }
        return state;
    }

    public static float @Nullable [] result(State state) {
        if (state.sums == null) {
            return null;
        }
        float[] mean = new float[state.sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (state.sums[i] / state.count);
        }
        return mean;
    }

    private static double[] sums(State state, int length) {
        if (state.sums == null) {
            state.sums = new double[length];
        } else if (state.sums.length != length) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "mean_vector: a vector has length " + length + ", one before it in the group " + state.sums.length
                            + "; expected equal lengths");
        }
        return state.sums;
    }
}
