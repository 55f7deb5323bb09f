package dev.vitrine.engine.model.architecture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as data: all that the forward pass has to know, with the names of the weights. Sizes follow from config.json; the weights are
 * checked against them when they are read.
 *
 * @param causal whether a token sees only itself and what comes before
 * @param maxPositions longest prompt in tokens
 * @param finalNorm after the last block, or null
 * @param outputProjection after the final norm (OPT), or null
 * @param head null where the file has none
 * @param pooler tanh of this on the first token's last hidden state; null where the file has none
 */
public record Architecture(
        boolean causal,
        int maxPositions,
        Embedding embedding,
        List<Block> blocks,
        @Nullable Norm finalNorm,
        @Nullable Linear outputProjection,
        @Nullable Head head,
        @Nullable Linear pooler) {

    public Architecture {
        blocks = List.copyOf(blocks);
    }

    /** An encoder: what the last block gives is what the head reads. */
    static Architecture encoder(
            boolean causal,
            int maxPositions,
            Embedding embedding,
            List<Block> blocks,
            @Nullable Head head,
            @Nullable Linear pooler) {
        return new Architecture(causal, maxPositions, embedding, blocks, null, null, head, pooler);
    }

    /** A decoder with a final norm, and an unembedding where the file has one. */
    static Architecture decoder(
            int maxPositions, Embedding embedding, List<Block> blocks, Norm finalNorm, @Nullable Linear unembedding) {
        Head head = unembedding == null ? null : Head.of(unembedding);
        return new Architecture(true, maxPositions, embedding, blocks, finalNorm, null, head, null);
    }

    /** Width of the residual stream. */
    public int modelWidth() {
        return blocks.get(0).mlp().out().outputs();
    }
}
