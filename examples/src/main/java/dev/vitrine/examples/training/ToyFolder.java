package dev.vitrine.examples.training;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link ToyGpt2} as a Hugging Face folder that any reader of GPT-2 opens. The same weights give the same bytes.
 * Safetensors: https://huggingface.co/docs/safetensors, section "Format".
 */
final class ToyFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ToyFolder() {}

    /** Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json, over what is there. */
    static void write(ToyGpt2 model, Path folder) throws IOException {
        Files.createDirectories(folder);
        writeJson(folder.resolve("config.json"), config(model.shape()));
        Files.write(folder.resolve("model.safetensors"), safetensors(model.weights()));
        writeJson(folder.resolve("tokenizer.json"), tokenizer());
        writeJson(folder.resolve("tokenizer_config.json"), tokenizerConfig(model.shape()));
    }

    private static ObjectNode config(ToyShape shape) {
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
        config.put("layer_norm_epsilon", ToyGpt2.EPSILON);
        config.put("bos_token_id", ToyVocabulary.END_OF_TEXT_ID);
        config.put("eos_token_id", ToyVocabulary.END_OF_TEXT_ID);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "float32");
        return config;
    }

    /** An 8-byte header length, a JSON header that names each tensor with its place, then the tensors, all little-endian. */
    private static byte[] safetensors(Map<String, NDArray> weights) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        int end = 0;
        for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
            ObjectNode tensor = header.putObject("transformer." + weight.getKey());
            tensor.put("dtype", "F32");
            ArrayNode shape = tensor.putArray("shape");
            for (long size : weight.getValue().getShape().getShape()) {
                shape.add(size);
            }
            ArrayNode offsets = tensor.putArray("data_offsets").add(end);
            end += Math.toIntExact(weight.getValue().size() * Float.BYTES);
            offsets.add(end);
        }
        // Spaces up to a multiple of 8 keep the tensors aligned.
        String text = JSON.writeValueAsString(header);
        byte[] head = (text + " ".repeat(-text.length() & 7)).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + head.length + end).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(head.length).put(head);
        for (NDArray weight : weights.values()) {
            for (float value : weight.toFloatArray()) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    /** Words split at spaces and around punctuation, in lower case, each one token. */
    private static ObjectNode tokenizer() {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0");
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        addSpecial(added, ToyVocabulary.END_OF_TEXT_ID, ToyVocabulary.END_OF_TEXT);
        addSpecial(added, ToyVocabulary.UNKNOWN_ID, ToyVocabulary.UNKNOWN);
        tokenizer.putObject("normalizer").put("type", "Lowercase");
        tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
        tokenizer.putNull("post_processor");
        tokenizer.putNull("decoder");
        ObjectNode model = tokenizer.putObject("model");
        model.put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> tokens = ToyVocabulary.tokens();
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        model.put("unk_token", ToyVocabulary.UNKNOWN);
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

    private static ObjectNode tokenizerConfig(ToyShape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", shape.positions());
        config.put("bos_token", ToyVocabulary.END_OF_TEXT);
        config.put("eos_token", ToyVocabulary.END_OF_TEXT);
        config.put("unk_token", ToyVocabulary.UNKNOWN);
        return config;
    }

    /** Indented, with the same line ends on every system. */
    private static void writeJson(Path file, ObjectNode content) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        Files.writeString(file, JSON.writer(printer).writeValueAsString(content) + "\n");
    }
}
