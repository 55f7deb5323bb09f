package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Phi 1, 1.5 and 2 (Li et al. 2023): attention and MLP side by side after one norm, biases everywhere, rotary on part of a head. */
final class Phi {
    private Phi() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("model.", "embed_tokens.weight");
        int width = config.count("hidden_size", 2048);
        int positions = config.count("max_position_embeddings", 2048);
        int heads = config.count("num_attention_heads", 32);
        int headWidth = GatedDecoder.headWidth(config, width, heads, 0);
        Rotary rotary = RotaryConfig.partial(config, headWidth, positions, "partial_rotary_factor", 0.5, "rope_theta");
        Table words = new Table(base + "embed_tokens.weight", config.count("vocab_size", 51200), width);
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.count("num_hidden_layers", 24); layer++) {
            Norm norm = Norm.layer(names, base + "layers." + layer + ".input_layernorm", width, epsilon(config));
            blocks.add(Block.of(
                    Block.Order.PARALLEL,
                    norm,
                    norm,
                    attention(config, names, base + "layers." + layer + ".self_attn.", width, heads, headWidth, rotary),
                    mlp(config, base + "layers." + layer + ".mlp.", width)));
        }
        return new Architecture(
                true,
                rotary.scaling().positions(positions),
                Embedding.of(words),
                blocks,
                Norm.layer(names, base + "final_layernorm", width, epsilon(config)),
                null,
                head(config, names, words),
                null);
    }

    private static Attention attention(
            ModelConfig config, TensorNames names, String at, int width, int heads, int headWidth, Rotary rotary) {
        int kvHeads = GatedDecoder.kvHeads(config, heads, 0);
        boolean headNorms = config.flag("qk_layernorm", false);
        return new Attention(
                heads,
                kvHeads,
                headWidth,
                Attention.Packing.SEPARATE,
                List.of(
                        Linear.of(at + "q_proj", width, heads * headWidth),
                        Linear.of(at + "k_proj", width, kvHeads * headWidth),
                        Linear.of(at + "v_proj", width, kvHeads * headWidth)),
                Linear.of(at + "dense", heads * headWidth, width),
                new AttentionRule(1 / Math.sqrt(headWidth), true, 0, 0),
                headNorms ? Norm.layer(names, at + "q_layernorm", headWidth, epsilon(config)) : null,
                headNorms ? Norm.layer(names, at + "k_layernorm", headWidth, epsilon(config)) : null,
                rotary);
    }

    private static Mlp mlp(ModelConfig config, String at, int width) {
        int neurons = config.count("intermediate_size", 8192);
        return Mlp.plain(
                Linear.of(at + "fc1", width, neurons),
                Linear.of(at + "fc2", neurons, width),
                Activation.of(config, "hidden_act", "gelu_new"));
    }

    private static @Nullable Head head(ModelConfig config, TensorNames names, Table words) {
        return names.has("lm_head.bias")
                ? Head.of(Tied.linear(config, names, words, "lm_head.weight", "lm_head.bias", false))
                : null;
    }

    private static double epsilon(ModelConfig config) {
        return config.real("layer_norm_eps", 1e-5);
    }
}
