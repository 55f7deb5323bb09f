package dev.vitrine.engine.model.architecture;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DistilBERT (Sanh et al. 2019): BERT without token types and pooler, with names of its own and ε fixed at 1e-12. */
final class DistilBert {
    private static final double EPSILON = 1e-12;

    private DistilBert() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("distilbert.", "embeddings.word_embeddings.weight");
        Sizes sizes = new Sizes(
                        config.count("dim", "hidden_size", 768),
                        config.count("n_layers", "num_hidden_layers", 6),
                        config.count("n_heads", "num_attention_heads", 12),
                        config.count("hidden_dim", 3072))
                .checked(config, "dim");
        int width = sizes.modelWidth();
        int positions = config.count("max_position_embeddings", 512);
        Table words = new Table(base + "embeddings.word_embeddings.weight", config.count("vocab_size", 30522), width);
        Activation activation = Activation.of(config, "activation", "gelu");
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            blocks.add(block(names, sizes, base + "transformer.layer." + layer + ".", activation));
        }
        return Architecture.encoder(
                false,
                positions,
                new Embedding(
                        words,
                        1,
                        null,
                        Embedding.Positions.fromZero(base + "embeddings.position_embeddings.weight", positions, width),
                        null,
                        Norm.layer(names, base + "embeddings.LayerNorm", width, EPSILON),
                        null),
                blocks,
                head(config, names, words, activation),
                null);
    }

    private static Block block(TensorNames names, Sizes sizes, String at, Activation activation) {
        int width = sizes.modelWidth();
        String self = at + "attention.";
        return Block.of(
                Block.Order.POST,
                Norm.layer(names, at + "sa_layer_norm", width, EPSILON),
                Norm.layer(names, at + "output_layer_norm", width, EPSILON),
                Attention.separate(
                        sizes,
                        sizes.rule(false),
                        true,
                        self + "q_lin",
                        self + "k_lin",
                        self + "v_lin",
                        Linear.of(self + "out_lin", width, width)),
                Mlp.plain(
                        Linear.of(at + "ffn.lin1", width, sizes.mlpWidth()),
                        Linear.of(at + "ffn.lin2", sizes.mlpWidth(), width),
                        activation));
    }

    private static @Nullable Head head(ModelConfig config, TensorNames names, Table words, Activation activation) {
        if (!names.has("vocab_transform.weight")) {
            return null;
        }
        int width = words.columns();
        return new Head(
                new Head.Transform(
                        Linear.of("vocab_transform", width, width),
                        activation,
                        Norm.layer(names, "vocab_layer_norm", width, EPSILON)),
                Tied.linear(config, names, words, "vocab_projector.weight", "vocab_projector.bias", true),
                0);
    }
}
