package dev.vitrine.engine.model.architecture;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One layer.
 *
 * @param attentionNorm before attention; in a post-norm block after its addition
 * @param mlpNorm before the MLP; in a post-norm block after its addition; the same norm again in a parallel block with only one
 * @param attentionOutNorm on what attention adds, before it is added (Gemma 2), or null
 * @param mlpOutNorm on what the MLP adds, before it is added (Gemma 2), or null
 */
public record Block(
        Order order,
        Norm attentionNorm,
        Norm mlpNorm,
        @Nullable Norm attentionOutNorm,
        @Nullable Norm mlpOutNorm,
        Attention attention,
        Mlp mlp) {

    /** How the residual stream passes the norms. */
    public enum Order {
        /** mid = pre + attention(norm(pre)); post = mid + mlp(norm(mid)). */
        PRE,
        /** mid = norm(pre + attention(pre)); post = norm(mid + mlp(mid)). */
        POST,
        /** post = pre + attention(norm(pre)) + mlp(norm(pre)). */
        PARALLEL;

        /** As {@code ModelCard.norms} has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Block of(Order order, Norm attentionNorm, Norm mlpNorm, Attention attention, Mlp mlp) {
        return new Block(order, attentionNorm, mlpNorm, null, null, attention, mlp);
    }
}
