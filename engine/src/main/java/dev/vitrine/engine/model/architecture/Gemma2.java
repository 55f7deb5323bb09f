package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.List;

/** Gemma 2 (2024): four norms per layer with the factor 1 + weight, soft caps, a window in every other layer, a scaled embedding. */
final class Gemma2 {
    private Gemma2() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        config.refuse("use_bidirectional_attention");
        GatedDecoder decoder = new GatedDecoder(
                config, names, new GatedDecoder.Defaults(256000, 2304, 26, 8, 4, 256, 9216, 8192, true));
        boolean bias = config.flag("attention_bias", false);
        Activation activation = Activation.of(config, "hidden_activation", "gelu_pytorch_tanh");
        double scale = 1 / Math.sqrt(config.real("query_pre_attn_scalar", 256));
        double cap = cap(config, "attn_logit_softcapping", 50);
        List<Boolean> sliding = LayerTypes.sliding(config, decoder.layers(), layer -> layer % 2 == 0);
        Norm.Kind kind = Norm.Kind.RMS_PLUS_ONE;
        return decoder.architecture(
                kind, Math.sqrt(decoder.width()), cap(config, "final_logit_softcapping", 30), layer -> {
                    int window = sliding.get(layer) ? window(config) : 0;
                    GatedDecoder.Layer choices = new GatedDecoder.Layer(
                            new AttentionRule(scale, true, window, cap), bias, bias, false, false, activation);
                    return new Block(
                            Block.Order.PRE,
                            decoder.norm(kind, layer, "input_layernorm"),
                            decoder.norm(kind, layer, "pre_feedforward_layernorm"),
                            decoder.norm(kind, layer, "post_attention_layernorm"),
                            decoder.norm(kind, layer, "post_feedforward_layernorm"),
                            decoder.attention(layer, choices),
                            decoder.mlp(layer, choices));
                });
    }

    private static int window(ModelConfig config) {
        return config.has("sliding_window") ? config.count("sliding_window") : 4096;
    }

    /** Null says that there is no cap; the reference divides by one of 0. */
    private static double cap(ModelConfig config, String key, double absent) {
        if (!config.given(key)) {
            return config.has(key) ? 0 : absent;
        }
        double cap = config.real(key);
        if (!(cap > 0)) {
            throw config.bad(key, "a positive number, or null for no cap");
        }
        return cap;
    }
}
