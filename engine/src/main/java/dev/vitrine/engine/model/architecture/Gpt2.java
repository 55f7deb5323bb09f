package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.ArrayList;
import java.util.List;

/** GPT-2 (Radford et al. 2019): a pre-norm decoder, matrices the other way round, queries, keys and values in one. */
final class Gpt2 {
    private Gpt2() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        config.refuse("add_cross_attention");
        String base = names.prefix("transformer.", "wte.weight");
        int width = config.count("n_embd", "hidden_size", 768);
        Sizes sizes = new Sizes(
                        width,
                        config.count("n_layer", "num_hidden_layers", 12),
                        config.count("n_head", "num_attention_heads", 12),
                        config.count("n_inner", 4 * width))
                .checked(config, "n_embd");
        int positions = config.count("n_positions", "max_position_embeddings", 1024);
        Table words = new Table(base + "wte.weight", config.count("vocab_size", 50257), width);
        double epsilon = config.real("layer_norm_epsilon", 1e-5);
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            blocks.add(block(config, names, sizes, base + "h." + layer + ".", layer, epsilon));
        }
        return Architecture.decoder(
                positions,
                Embedding.of(words, Embedding.Positions.fromZero(base + "wpe.weight", positions, width)),
                blocks,
                Norm.layer(names, base + "ln_f", width, epsilon),
                Tied.decoder(config, names, words, "lm_head.weight", true));
    }

    private static Block block(
            ModelConfig config, TensorNames names, Sizes sizes, String at, int layer, double epsilon) {
        int width = sizes.modelWidth();
        return Block.of(
                Block.Order.PRE,
                Norm.layer(names, at + "ln_1", width, epsilon),
                Norm.layer(names, at + "ln_2", width, epsilon),
                new Attention(
                        sizes.heads(),
                        sizes.heads(),
                        sizes.headWidth(),
                        Attention.Packing.STACKED,
                        List.of(Linear.inputFirst(at + "attn.c_attn", width, 3 * width)),
                        Linear.inputFirst(at + "attn.c_proj", width, width),
                        rule(config, sizes, layer),
                        null,
                        null,
                        null),
                Mlp.plain(
                        Linear.inputFirst(at + "mlp.c_fc", width, sizes.mlpWidth()),
                        Linear.inputFirst(at + "mlp.c_proj", sizes.mlpWidth(), width),
                        Activation.of(config, "activation_function", "gelu_new")));
    }

    private static AttentionRule rule(ModelConfig config, Sizes sizes, int layer) {
        double scale =
                config.flag("scale_attn_weights", true) ? sizes.rule(true).scale() : 1;
        boolean inverse = config.flag("scale_attn_by_inverse_layer_idx", false);
        return new AttentionRule(inverse ? scale / (layer + 1) : scale, true, 0, 0);
    }
}
