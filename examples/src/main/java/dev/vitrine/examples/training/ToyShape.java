package dev.vitrine.examples.training;

/**
 * The sizes of a {@link ToyGpt2}.
 *
 * @param layers number of blocks
 * @param heads heads per block; d_head is {@code dModel / heads}
 * @param dModel width of the residual stream
 * @param dMlp neurons per block
 * @param vocabulary token ids run from 0 to {@code vocabulary - 1}
 * @param positions longest sequence in tokens
 */
record ToyShape(int layers, int heads, int dModel, int dMlp, int vocabulary, int positions) {
    int dHead() {
        return dModel / heads;
    }
}
