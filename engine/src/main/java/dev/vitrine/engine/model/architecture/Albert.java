package dev.vitrine.engine.model.architecture;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ALBERT (Lan et al. 2020): BERT with a narrower embedding and layers that share their weights in groups. */
final class Albert {
    private Albert() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        Bert.checkPositions(config);
        String base = names.prefix("albert.", "embeddings.word_embeddings.weight");
        Sizes sizes = Sizes.of(config, 4096, 12, 64, 16384);
        int width = sizes.modelWidth();
        int narrow = config.count("embedding_size", 128);
        int positions = config.count("max_position_embeddings", 512);
        Activation activation = Activation.of(config, "hidden_act", "gelu_new");
        Embedding embedding = Bert.embedding(
                config,
                names,
                base,
                narrow,
                30000,
                Embedding.Positions.fromZero(base + "embeddings.position_embeddings.weight", positions, narrow),
                Linear.of(base + "encoder.embedding_hidden_mapping_in", narrow, width));
        return Architecture.encoder(
                false,
                positions,
                embedding,
                blocks(config, names, base, sizes, activation),
                head(config, names, embedding.tokens(), width, activation),
                names.has(base + "pooler.weight") ? Linear.of(base + "pooler", width, width) : null);
    }

    /** Step i runs every layer of group i / (steps / groups), so there are steps · {@code inner_group_num} layers. */
    private static List<Block> blocks(
            ModelConfig config, TensorNames names, String base, Sizes sizes, Activation activation) {
        double stepsPerGroup = (double) sizes.layers() / config.count("num_hidden_groups", 1);
        int inner = config.count("inner_group_num", 1);
        List<Block> blocks = new ArrayList<>();
        for (int step = 0; step < sizes.layers(); step++) {
            for (int layer = 0; layer < inner; layer++) {
                String at = base + "encoder.albert_layer_groups." + (int) (step / stepsPerGroup) + ".albert_layers."
                        + layer + ".";
                blocks.add(block(config, names, sizes, at, activation));
            }
        }
        return blocks;
    }

    private static Block block(ModelConfig config, TensorNames names, Sizes sizes, String at, Activation activation) {
        int width = sizes.modelWidth();
        String self = at + "attention.";
        return Block.of(
                Block.Order.POST,
                Norm.layer(names, self + "LayerNorm", width, Bert.epsilon(config)),
                Norm.layer(names, at + "full_layer_layer_norm", width, Bert.epsilon(config)),
                Attention.separate(
                        sizes,
                        sizes.rule(false),
                        true,
                        self + "query",
                        self + "key",
                        self + "value",
                        Linear.of(self + "dense", width, width)),
                Mlp.plain(
                        Linear.of(at + "ffn", width, sizes.mlpWidth()),
                        Linear.of(at + "ffn_output", sizes.mlpWidth(), width),
                        activation));
    }

    private static @Nullable Head head(
            ModelConfig config, TensorNames names, Table words, int width, Activation activation) {
        if (!names.has("predictions.dense.weight")) {
            return null;
        }
        return new Head(
                new Head.Transform(
                        Linear.of("predictions.dense", width, words.columns()),
                        activation,
                        Norm.layer(names, "predictions.LayerNorm", words.columns(), Bert.epsilon(config))),
                Tied.linear(
                        config,
                        names,
                        words,
                        "predictions.decoder.weight",
                        names.firstOf("predictions.decoder.bias", "predictions.bias"),
                        true),
                0);
    }
}
