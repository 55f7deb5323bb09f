package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/** ELECTRA (Clark et al. 2020): BERT with an embedding that may be narrower than the model, and the generator's head. */
final class Electra {
    private Electra() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("electra.", "embeddings.word_embeddings.weight");
        Sizes sizes = Sizes.of(config, 256, 12, 4, 1024);
        int width = sizes.modelWidth();
        int narrow = config.count("embedding_size", 128);
        int positions = config.count("max_position_embeddings", 512);
        Embedding embedding = Bert.embedding(
                config,
                names,
                base,
                narrow,
                30522,
                Embedding.Positions.fromZero(base + "embeddings.position_embeddings.weight", positions, narrow),
                narrow == width ? null : Linear.of(base + "embeddings_project", narrow, width));
        return Architecture.encoder(
                config.flag("is_decoder", false),
                positions,
                embedding,
                Bert.blocks(config, names, base, sizes),
                head(config, names, embedding.tokens(), width),
                null);
    }

    private static @Nullable Head head(ModelConfig config, TensorNames names, Table words, int width) {
        if (!names.has("generator_predictions.dense.weight")) {
            return null;
        }
        return new Head(
                new Head.Transform(
                        Linear.of("generator_predictions.dense", width, words.columns()),
                        Activation.GELU,
                        Norm.layer(names, "generator_predictions.LayerNorm", words.columns(), Bert.epsilon(config))),
                Tied.linear(config, names, words, "generator_lm_head.weight", "generator_lm_head.bias", true),
                0);
    }
}
