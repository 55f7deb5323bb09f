package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** BERT (Devlin et al. 2018): a post-norm encoder; token types; a head that transforms before it unembeds. */
final class Bert {
    private Bert() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("bert.", "embeddings.word_embeddings.weight");
        Sizes sizes = Sizes.of(config, 768, 12, 12, 3072);
        int width = sizes.modelWidth();
        int positions = config.count("max_position_embeddings", 512);
        Embedding embedding = embedding(
                config,
                names,
                base,
                width,
                30522,
                Embedding.Positions.fromZero(base + "embeddings.position_embeddings.weight", positions, width),
                null);
        return Architecture.encoder(
                config.flag("is_decoder", false),
                positions,
                embedding,
                blocks(config, names, base, sizes),
                head(config, names, embedding.tokens(), "cls.predictions.transform.", "cls.predictions.", width),
                pooler(names, base, width));
    }

    /** Words, positions and token type 0, then the norm. */
    static Embedding embedding(
            ModelConfig config,
            TensorNames names,
            String base,
            int width,
            int vocabulary,
            Embedding.Positions positions,
            @Nullable Linear projection) {
        String at = base + "embeddings.";
        return new Embedding(
                new Table(at + "word_embeddings.weight", config.count("vocab_size", vocabulary), width),
                1,
                null,
                positions,
                new Table(at + "token_type_embeddings.weight", config.count("type_vocab_size", 2), width),
                Norm.layer(names, at + "LayerNorm", width, epsilon(config)),
                projection);
    }

    static List<Block> blocks(ModelConfig config, TensorNames names, String base, Sizes sizes) {
        config.refuse("add_cross_attention");
        checkPositions(config);
        int width = sizes.modelWidth();
        Activation activation = Activation.of(config, "hidden_act", "gelu");
        AttentionRule rule = sizes.rule(config.flag("is_decoder", false));
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String at = base + "encoder.layer." + layer + ".";
            String self = at + "attention.self.";
            blocks.add(Block.of(
                    Block.Order.POST,
                    Norm.layer(names, at + "attention.output.LayerNorm", width, epsilon(config)),
                    Norm.layer(names, at + "output.LayerNorm", width, epsilon(config)),
                    Attention.separate(
                            sizes,
                            rule,
                            true,
                            self + "query",
                            self + "key",
                            self + "value",
                            Linear.of(at + "attention.output.dense", width, width)),
                    Mlp.plain(
                            Linear.of(at + "intermediate.dense", width, sizes.mlpWidth()),
                            Linear.of(at + "output.dense", sizes.mlpWidth(), width),
                            activation)));
        }
        return blocks;
    }

    private static @Nullable Head head(
            ModelConfig config, TensorNames names, Table words, String transform, String at, int width) {
        if (!names.has(transform + "dense.weight")) {
            return null;
        }
        return new Head(
                new Head.Transform(
                        Linear.of(transform + "dense", width, width),
                        Activation.of(config, "hidden_act", "gelu"),
                        Norm.layer(names, transform + "LayerNorm", width, epsilon(config))),
                Tied.linear(
                        config,
                        names,
                        words,
                        at + "decoder.weight",
                        names.firstOf(at + "decoder.bias", at + "bias"),
                        true),
                0);
    }

    static @Nullable Linear pooler(TensorNames names, String base, int width) {
        return names.has(base + "pooler.dense.weight") ? Linear.of(base + "pooler.dense", width, width) : null;
    }

    static double epsilon(ModelConfig config) {
        return config.real("layer_norm_eps", 1e-12);
    }

    /** Relative positions, which older versions of transformers offered, are another model. */
    static void checkPositions(ModelConfig config) {
        if (!config.text("position_embedding_type", "absolute").equals("absolute")) {
            throw config.unsupported("position_embedding_type", "\"absolute\"");
        }
    }
}
