package dev.vitrine.examples.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.examples.gpt2.Gpt2Shape;

/**
 * What one training step sees. One-hot rows keep lookup and loss plain matrix products.
 *
 * @param tokens [B, T, V], one-hot
 * @param targets [B, T, V]: −1/count at the token that comes next, where it can be known; the sum of its product with log-probabilities
 *     is the mean cross-entropy
 */
record Batch(NDArray tokens, NDArray targets) {

    /** The next {@code size} sequences; the arrays belong to {@code manager}. */
    static Batch of(RepeatedSequences sequences, int size, Gpt2Shape shape, NDManager manager) {
        int length = shape.positions();
        int vocabulary = shape.vocabulary();
        int[] ids = new int[length];
        float[] tokens = new float[size * length * vocabulary];
        float[] targets = new float[size * length * vocabulary];
        int count = 0;
        for (int row = 0; row < size; row++) {
            int repeat = sequences.fill(ids);
            for (int position = 0; position < length; position++) {
                int at = (row * length + position) * vocabulary;
                tokens[at + ids[position]] = 1;
                if (position >= repeat && position + 1 < length) {
                    targets[at + ids[position + 1]] = -1;
                    count++;
                }
            }
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] /= count;
        }
        Shape all = new Shape(size, length, vocabulary);
        return new Batch(manager.create(tokens, all), manager.create(targets, all));
    }
}
