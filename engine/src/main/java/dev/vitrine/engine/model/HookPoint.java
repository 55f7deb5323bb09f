package dev.vitrine.engine.model;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A place in the forward pass where an activation can be kept. n is the number of tokens of a prompt; all values are float32,
 * row-major. The names are TransformerLens's where it has one, and are the same in SQL, in {@code --hooks} and in the manifest.
 */
public enum HookPoint {
    /** [heads, n, d_head]: queries as they enter the dot product, after norms and rotary, before the softmax scale. */
    Q,
    /** [kv_heads, n, d_head]: keys as they enter the dot product. */
    K,
    /** [kv_heads, n, d_head]: value vectors. */
    V,
    /** [heads, n, n]: attention weights after the softmax; exactly 0 where masked. In parts where n is large: {@link ActivationSink#accept}. */
    ATTENTION,
    /** [n, d_model]: the residual stream that enters the block; for layer 0 the embedding. */
    RESID_PRE,
    /** [n, d_model]: the residual stream between attention and MLP; absent in parallel blocks. */
    RESID_MID,
    /** [n, d_model]: the residual stream that leaves the block: the next block's resid_pre. */
    RESID_POST,
    /** [n, d_model]: what attention adds to the residual stream, after projection, bias and any post norm. */
    ATTN_OUT,
    /** [n, d_model]: what the MLP adds to the residual stream, after any post norm. */
    MLP_OUT,
    /** [n, d_mlp]: the neurons: what enters the MLP's output matrix. */
    MLP_ACT,
    /** [n, d_model], once per prompt: the last hidden state, which the head reads; narrower where OPT projects it to its embedding. */
    FINAL,
    /** [n, vocab_size], once per prompt, where the model has a head. */
    LOGITS,
    /** [d_model], once per prompt, where the model has a pooler. */
    POOLED;

    /** The name users write, e.g. {@code resid_pre}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The hook of that name, in any case; {@code INVALID_ARGUMENT} with the list of names where there is none. */
    public static HookPoint of(String label) {
        for (HookPoint hook : values()) {
            if (hook.label().equalsIgnoreCase(label)) {
                return hook;
            }
        }
        throw new VitrineException(
                ErrorCode.INVALID_ARGUMENT,
                "hook '" + label + "' is not known; expected one of "
                        + Arrays.stream(values()).map(HookPoint::label).collect(Collectors.joining(", ")));
    }

    /** True where the activation exists once per layer, false where it exists once per prompt. */
    public boolean perLayer() {
        return this.compareTo(FINAL) < 0;
    }
}
