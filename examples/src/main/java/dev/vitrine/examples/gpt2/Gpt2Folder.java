package dev.vitrine.examples.gpt2;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Writes a Hugging Face folder that any reader of GPT-2 opens. The same weights give the same bytes. */
public final class Gpt2Folder {
    /** The first two tokens of every vocabulary; those from {@link #FIRST_WORD} on are plain. */
    public static final List<String> SPECIAL_TOKENS = List.of("<|endoftext|>", "<unk>");

    public static final int END_OF_TEXT = 0;
    public static final int UNKNOWN = 1;
    public static final int FIRST_WORD = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Gpt2Folder() {}

    /**
     * Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json, over what is there. The embedding matrix is the
     * output head too.
     *
     * @param words the tokens from {@link #FIRST_WORD} on, lower-case, without spaces
     * @param weights values by the names of {@link Gpt2Shape#tensors}, row-major
     */
    public static void write(Path folder, Gpt2Shape shape, List<String> words, Function<String, float[]> weights)
            throws IOException {
        if (FIRST_WORD + words.size() != shape.vocabulary()) {
            throw new IllegalArgumentException(SPECIAL_TOKENS.size() + " special tokens and " + words.size()
                    + " words for a vocabulary of " + shape.vocabulary());
        }
        Files.createDirectories(folder);
        writeJson(folder.resolve("config.json"), config(shape));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), "transformer.", shape.tensors(), weights);
        writeJson(folder.resolve("tokenizer.json"), tokenizer(words));
        writeJson(folder.resolve("tokenizer_config.json"), tokenizerConfig(shape));
    }

    private static ObjectNode config(Gpt2Shape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("GPT2LMHeadModel");
        config.put("model_type", "gpt2");
        config.put("activation_function", "gelu_new");
        config.put("n_layer", shape.layers());
        config.put("n_head", shape.heads());
        config.put("n_embd", shape.dModel());
        config.put("n_inner", shape.dMlp());
        config.put("n_positions", shape.positions());
        config.put("vocab_size", shape.vocabulary());
        config.put("layer_norm_epsilon", Gpt2Shape.EPSILON);
        config.put("bos_token_id", END_OF_TEXT);
        config.put("eos_token_id", END_OF_TEXT);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "float32");
        return config;
    }

    /** Words split at spaces and around punctuation, in lower case, each one token. */
    private static ObjectNode tokenizer(List<String> words) {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0");
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        tokenizer.putObject("normalizer").put("type", "Lowercase");
        tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
        tokenizer.putNull("post_processor");
        tokenizer.putNull("decoder");
        ObjectNode model = tokenizer.putObject("model");
        model.put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (String special : SPECIAL_TOKENS) {
            addSpecial(added, vocabulary.size(), special);
            vocabulary.put(special, vocabulary.size());
        }
        for (String word : words) {
            vocabulary.put(word, vocabulary.size());
        }
        model.put("unk_token", SPECIAL_TOKENS.get(UNKNOWN));
        return tokenizer;
    }

    private static void addSpecial(ArrayNode added, int id, String content) {
        ObjectNode token = added.addObject();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
    }

    private static ObjectNode tokenizerConfig(Gpt2Shape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", shape.positions());
        config.put("bos_token", SPECIAL_TOKENS.get(END_OF_TEXT));
        config.put("eos_token", SPECIAL_TOKENS.get(END_OF_TEXT));
        config.put("unk_token", SPECIAL_TOKENS.get(UNKNOWN));
        return config;
    }

    /** Indented, with the same line ends on every system. */
    private static void writeJson(Path file, ObjectNode content) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        Files.writeString(file, JSON.writer(printer).writeValueAsString(content) + "\n");
    }
}
