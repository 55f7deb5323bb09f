package dev.vitrine.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, in numbers: the row of table {@code models}, and what every reader of a run needs to know of it.
 *
 * @param name the name users give it: the folder's name, or {@code minilm}, {@code induction-toy}
 * @param source absolute path of the folder, or {@code builtin:NAME}; where weights and tokenizer are found again
 * @param architecture {@code model_type} of config.json, e.g. {@code bert}, {@code gpt2}
 * @param kind {@code encoder} (every token sees every token) or {@code decoder} (causal)
 * @param layers number of blocks
 * @param heads query heads per layer
 * @param kvHeads key and value heads per layer; query head h reads kv head {@code h / (heads / kvHeads)}
 * @param dModel width of the residual stream
 * @param dHead width of one head
 * @param dMlp neurons per layer
 * @param vocabSize rows of the embedding matrix
 * @param maxPositions longest prompt in tokens
 * @param norms {@code pre}, {@code post} or {@code parallel}: how resid_pre, resid_mid and resid_post hang together
 * @param hasHead whether the model gives logits
 * @param attention how attention follows from queries and keys, one entry per layer
 * @param weights what tells its weights from others of the same shapes, eight hexadecimal digits; null where nobody looked: in runs
 *     of the first Vitrine
 */
public record ModelCard(
        String name,
        String source,
        String architecture,
        String kind,
        int layers,
        int heads,
        int kvHeads,
        int dModel,
        int dHead,
        int dMlp,
        int vocabSize,
        int maxPositions,
        String norms,
        boolean hasHead,
        List<AttentionRule> attention,
        @Nullable String weights) {

    public ModelCard {
        attention = List.copyOf(attention);
    }

    /** Whether two cards can be of the same weights. */
    public boolean mayShareWeights(ModelCard other) {
        return weights == null || other.weights == null || weights.equals(other.weights);
    }

    /** True where a query sees only keys at or before its own position. */
    public boolean causal() {
        return kind.equals("decoder");
    }

    /** The key and value head that a query head reads. */
    public int kvHead(int head) {
        return head / (heads / kvHeads);
    }
}
