package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** What is added to scores so that a query sees only itself and keys before it. */
final class CausalMask {
    private CausalMask() {}

    /**
     * Of the queries {@code from} to {@code to}, exclusive, and the keys up to there: [to − from, to], 0 where query i sees key j:
     * i − window &lt; j ≤ i, else −∞; window 0 stands for all keys before.
     */
    static NDArray of(int from, int to, int window, NDManager manager) {
        float[] mask = new float[Math.multiplyExact(to - from, to)];
        for (int query = from; query < to; query++) {
            int row = (query - from) * to;
            Arrays.fill(mask, row + query + 1, row + to, Float.NEGATIVE_INFINITY);
            if (window > 0 && query >= window) {
                Arrays.fill(mask, row, row + query - window + 1, Float.NEGATIVE_INFINITY);
            }
        }
        return manager.create(FloatBuffer.wrap(mask), new Shape(to - from, to));
    }
}
