package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of one block.
 *
 * @param projections query, key and value matrices, or one that holds all three, as {@code packing} says
 * @param output from all heads' outputs side by side to the residual stream
 * @param queryNorm applied to each head's query before rotary, or null; likewise {@code keyNorm}
 * @param rotary null where positions come from elsewhere
 */
public record Attention(
        int heads,
        int kvHeads,
        int headWidth,
        Packing packing,
        List<Linear> projections,
        Linear output,
        AttentionRule rule,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        @Nullable Rotary rotary) {

    /** How queries, keys and values lie in the outputs of the projections. */
    public enum Packing {
        /** Three matrices. */
        SEPARATE,
        /** One matrix: all queries, then all keys, then all values; heads within each. */
        STACKED,
        /** One matrix: for each head its query, key and value. */
        PER_HEAD
    }

    public Attention {
        projections = List.copyOf(projections);
    }

    /** Without norms on queries and keys and without rotary. */
    static Attention plain(
            int heads, int headWidth, Packing packing, List<Linear> projections, Linear output, AttentionRule rule) {
        return new Attention(heads, heads, headWidth, packing, projections, output, rule, null, null, null);
    }
}
