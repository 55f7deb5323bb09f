package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/** Unembedding matrices, which are in the file or are the token table; one in the file counts, whatever config.json says. */
final class Tied {
    private Tied() {}

    /** The unembedding of a head whose other parts are in the file. */
    static Linear linear(
            ModelConfig config, TensorNames names, Table words, String weight, String bias, boolean tiedByDefault) {
        boolean tied = !names.has(weight) && config.flag("tie_word_embeddings", tiedByDefault);
        return new Linear(tied ? words.name() : weight, bias, words.columns(), words.rows(), false);
    }

    /**
     * The unembedding of a decoder whose head is nothing else; null where the two are not tied and the file has none, as when the base
     * model was saved alone.
     */
    static @Nullable Linear decoder(
            ModelConfig config, TensorNames names, Table words, String weight, boolean tiedByDefault) {
        if (names.has(weight)) {
            return new Linear(weight, null, words.columns(), words.rows(), false);
        }
        return config.flag("tie_word_embeddings", tiedByDefault)
                ? new Linear(words.name(), null, words.columns(), words.rows(), false)
                : null;
    }
}
