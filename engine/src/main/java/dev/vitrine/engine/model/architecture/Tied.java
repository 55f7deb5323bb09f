package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/** Unembedding matrices, which are in the file or are the token table. */
final class Tied {
    private Tied() {}

    /**
     * The unembedding of a class that always has one: the matrix in the file, the token table where the file leaves it out.
     *
     * @param bias null for none
     */
    static Linear linear(ModelConfig config, TensorNames names, Table words, String weight, @Nullable String bias) {
        boolean own = names.has(weight) || !config.flag("tie_word_embeddings", true);
        return new Linear(own ? weight : words.name(), bias, words.columns(), words.rows(), false);
    }

    /**
     * The unembedding of a decoder, without bias; null where the two are not tied and the file has none, as when the base model was
     * saved alone.
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
