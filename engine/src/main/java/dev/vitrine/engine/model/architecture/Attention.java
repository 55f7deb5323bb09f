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

    /** Three square matrices of these names, no norms on queries and keys, no rotary. */
    static Attention separate(
            Sizes sizes, AttentionRule rule, boolean bias, String query, String key, String value, Linear output) {
        int width = sizes.modelWidth();
        List<Linear> projections = List.of(
                Linear.of(query, width, width, bias),
                Linear.of(key, width, width, bias),
                Linear.of(value, width, width, bias));
        return new Attention(
                sizes.heads(),
                sizes.heads(),
                sizes.headWidth(),
                Packing.SEPARATE,
                projections,
                output,
                rule,
                null,
                null,
                null);
    }
}
