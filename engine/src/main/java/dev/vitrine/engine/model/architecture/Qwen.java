package dev.vitrine.engine.model.architecture;

import java.util.List;

/** Qwen 2 (Yang et al. 2024), Llama with biases on q, k and v; Qwen 3 (2025), Llama with norms on each head's query and key. */
final class Qwen {
    private Qwen() {}

    static Architecture qwen2(ModelConfig config, TensorNames names) {
        return read(config, names, 0, true, false, false);
    }

    static Architecture qwen3(ModelConfig config, TensorNames names) {
        boolean bias = config.flag("attention_bias", false);
        return read(config, names, 128, bias, bias, true);
    }

    private static Architecture read(
            ModelConfig config, TensorNames names, int headWidth, boolean bias, boolean outputBias, boolean headNorms) {
        GatedDecoder decoder = new GatedDecoder(
                config, names, new GatedDecoder.Defaults(151936, 4096, 32, 32, 32, headWidth, 22016, 32768, false));
        List<Boolean> sliding = LayerTypes.sliding(config, decoder.layers(), layer -> slidesByDefault(config, layer));
        int window = window(config);
        if (window == 0 && sliding.contains(true)) {
            throw config.unsupported("layer_types", "only full_attention where use_sliding_window is not true");
        }
        Activation activation = Activation.of(config, "hidden_act", "silu");
        return decoder.architecture(layer -> new GatedDecoder.Layer(
                decoder.rule(sliding.get(layer) ? window : 0), bias, outputBias, false, headNorms, activation));
    }

    private static int window(ModelConfig config) {
        if (!config.flag("use_sliding_window", false)) {
            return 0;
        }
        return config.has("sliding_window") ? config.count("sliding_window", 0) : 4096;
    }

    private static boolean slidesByDefault(ModelConfig config, int layer) {
        return window(config) > 0 && layer >= config.index("max_window_layers", 28);
    }
}
