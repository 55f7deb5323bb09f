package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;

/** The sizes that most families name alike, with one key and value head per query head. */
record Sizes(int modelWidth, int layers, int heads, int mlpWidth) {
    /** Reads {@code hidden_size} and its companions; the arguments are what absent keys stand for. */
    static Sizes of(ModelConfig config, int modelWidth, int layers, int heads, int mlpWidth) {
        Sizes sizes = new Sizes(
                config.count("hidden_size", modelWidth),
                config.count("num_hidden_layers", layers),
                config.count("num_attention_heads", heads),
                config.count("intermediate_size", mlpWidth));
        return sizes.checked(config, "hidden_size");
    }

    /** Fails where the heads do not divide the width. */
    Sizes checked(ModelConfig config, String key) {
        if (modelWidth % heads != 0) {
            throw config.bad(key, "a multiple of the " + heads + " heads");
        }
        return this;
    }

    int headWidth() {
        return modelWidth / heads;
    }

    /** Attention scaled by headWidth^-½, over all tokens or causal. */
    AttentionRule rule(boolean causal) {
        return new AttentionRule(1 / Math.sqrt(headWidth()), causal, 0, 0);
    }
}
