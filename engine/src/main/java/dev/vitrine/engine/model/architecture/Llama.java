package dev.vitrine.engine.model.architecture;

/** Llama (Touvron et al. 2023) and Mistral (Jiang et al. 2023), which sees a window and has no biases. */
final class Llama {
    private Llama() {}

    static Architecture llama(ModelConfig config, TensorNames names) {
        GatedDecoder decoder = new GatedDecoder(
                config, names, new GatedDecoder.Defaults(32000, 4096, 32, 32, 0, 0, 11008, 2048, false));
        boolean bias = config.flag("attention_bias", false);
        GatedDecoder.Layer layer = new GatedDecoder.Layer(
                decoder.rule(0),
                bias,
                bias,
                config.flag("mlp_bias", false),
                false,
                Activation.of(config, "hidden_act", "silu"));
        return decoder.architecture(any -> layer);
    }

    static Architecture mistral(ModelConfig config, TensorNames names) {
        if (config.given("layer_types")) {
            throw config.unsupported("layer_types", "no such key: every layer of a mistral model sees the same window");
        }
        GatedDecoder decoder = new GatedDecoder(
                config, names, new GatedDecoder.Defaults(32000, 4096, 32, 32, 8, 0, 14336, 131072, false));
        // Null says that there is no window; a missing key stands for the window of the first Mistral.
        int window = config.has("sliding_window") ? config.count("sliding_window", 0) : 4096;
        GatedDecoder.Layer layer = new GatedDecoder.Layer(
                decoder.rule(window), false, false, false, false, Activation.of(config, "hidden_act", "silu"));
        return decoder.architecture(any -> layer);
    }
}
