package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/** RoBERTa (Liu et al. 2019) and XLM-RoBERTa: BERT with positions that start after the padding id, and another head. */
final class Roberta {
    private Roberta() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("roberta.", "embeddings.word_embeddings.weight");
        Sizes sizes = Sizes.of(config, 768, 12, 12, 3072);
        int width = sizes.modelWidth();
        int rows = config.count("max_position_embeddings", 512);
        int padding = config.index("pad_token_id", 1);
        Table positions = new Table(base + "embeddings.position_embeddings.weight", rows, width);
        Embedding embedding = Bert.embedding(
                config,
                names,
                base,
                width,
                config.modelType().equals("roberta") ? 50265 : 30522,
                new Embedding.Positions(positions, padding + 1, padding),
                null);
        return Architecture.encoder(
                config.flag("is_decoder", false),
                rows - padding - 1,
                embedding,
                Bert.blocks(config, names, base, sizes),
                head(config, names, embedding.tokens()),
                Bert.pooler(names, base, width));
    }

    private static @Nullable Head head(ModelConfig config, TensorNames names, Table words) {
        if (!names.has("lm_head.dense.weight")) {
            return null;
        }
        int width = words.columns();
        return new Head(
                new Head.Transform(
                        Linear.of("lm_head.dense", width, width),
                        Activation.GELU,
                        Norm.layer(names, "lm_head.layer_norm", width, Bert.epsilon(config))),
                Tied.linear(
                        config,
                        names,
                        words,
                        "lm_head.decoder.weight",
                        names.firstOf("lm_head.decoder.bias", "lm_head.bias"),
                        true),
                0);
    }
}
