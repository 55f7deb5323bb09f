package dev.vitrine.engine.model.architecture;

import java.util.ArrayList;
import java.util.List;

/** GPT-NeoX (Black et al. 2022) and Pythia: attention and MLP side by side, rotary on part of a head, one matrix for q, k and v. */
final class GptNeoX {
    private GptNeoX() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("gpt_neox.", "embed_in.weight");
        Sizes sizes = Sizes.of(config, 6144, 44, 64, 24576);
        int width = sizes.modelWidth();
        int positions = config.count("max_position_embeddings", 2048);
        if (config.count("head_dim", sizes.headWidth()) != sizes.headWidth()) {
            throw config.unsupported("head_dim", sizes.headWidth() + ", hidden_size by num_attention_heads");
        }
        Rotary rotary =
                RotaryConfig.partial(config, sizes.headWidth(), positions, "rotary_pct", 0.25, "rotary_emb_base");
        Table words = new Table(base + "embed_in.weight", config.count("vocab_size", 50432), width);
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            blocks.add(block(config, names, sizes, base + "layers." + layer + ".", rotary));
        }
        String head = names.firstOf("lm_head.weight", "embed_out.weight");
        return Architecture.decoder(
                rotary.scaling().positions(positions),
                Embedding.of(words),
                blocks,
                Norm.layer(names, base + "final_layer_norm", width, epsilon(config)),
                Tied.decoder(config, names, words, head, false));
    }

    private static Block block(ModelConfig config, TensorNames names, Sizes sizes, String at, Rotary rotary) {
        int width = sizes.modelWidth();
        boolean bias = config.flag("attention_bias", true);
        return Block.of(
                config.flag("use_parallel_residual", true) ? Block.Order.PARALLEL : Block.Order.PRE,
                Norm.layer(names, at + "input_layernorm", width, epsilon(config)),
                Norm.layer(names, at + "post_attention_layernorm", width, epsilon(config)),
                new Attention(
                        sizes.heads(),
                        sizes.heads(),
                        sizes.headWidth(),
                        Attention.Packing.PER_HEAD,
                        List.of(Linear.of(at + "attention.query_key_value", width, 3 * width, bias)),
                        Linear.of(at + "attention.dense", width, width, bias),
                        sizes.rule(true),
                        null,
                        null,
                        rotary),
                Mlp.plain(
                        Linear.of(at + "mlp.dense_h_to_4h", width, sizes.mlpWidth()),
                        Linear.of(at + "mlp.dense_4h_to_h", sizes.mlpWidth(), width),
                        Activation.of(config, "hidden_act", "gelu")));
    }

    private static double epsilon(ModelConfig config) {
        return config.real("layer_norm_eps", 1e-5);
    }
}
