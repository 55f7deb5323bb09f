package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told when a model cannot be opened or a prompt cannot be run. */
class ModelErrorsTest {
    @TempDir
    private Path folder;

    @Test
    void noSuchFolder() {
        Path missing = folder.resolve("missing");
        assertFails(
                () -> TransformerModel.open(missing.toString()).close(),
                ErrorCode.NOT_FOUND,
                "no model '" + missing + "'; expected one of minilm, induction-toy, or a folder (" + missing
                        + " does not exist)");
    }

    @Test
    void noConfig() throws IOException {
        copy("gpt2");
        Files.delete(folder.resolve("config.json"));
        assertFails(
                () -> TransformerModel.open(folder.toString()).close(),
                ErrorCode.NOT_FOUND,
                "no config.json in " + folder
                        + "; expected a Hugging Face folder with config.json, tokenizer.json and weights");
    }

    @Test
    void noWeights() throws IOException {
        copy("gpt2");
        Files.delete(folder.resolve("model.safetensors"));
        assertFails(
                () -> TransformerModel.open(folder.toString()).close(),
                ErrorCode.NOT_FOUND,
                "no weights in " + folder + "; expected model.safetensors, model.safetensors.index.json or model.onnx");
    }

    @Test
    void noTokenizer() throws IOException {
        copy("gpt2");
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> TransformerModel.open(folder.toString()).close())
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageStartingWith("no tokenizer.json in " + folder);
    }

    @Test
    void configThatIsNotAnObject() throws IOException {
        copy("gpt2");
        Files.writeString(config(), "[]");
        assertFails(
                this::open, ErrorCode.BAD_MODEL, "config.json is a JSON ARRAY; expected an object (" + config() + ")");
    }

    @Test
    void configThatIsNotJson() throws IOException {
        copy("gpt2");
        Files.writeString(config(), "{\"n_embd\": }");
        assertFails(
                this::open,
                ErrorCode.BAD_MODEL,
                "config.json is not JSON: Unexpected character ('}' (code 125)): expected a value (" + config()
                        + ", line 1, column 12)");
    }

    @Test
    void unknownArchitecture() throws IOException {
        copy("gpt2");
        set("model_type", "\"mamba\"");
        assertFails(
                this::open,
                ErrorCode.UNSUPPORTED_MODEL,
                "model_type is \"mamba\"; expected one of albert, bert, distilbert, electra, gemma2, gpt2, gpt_neo,"
                        + " gpt_neox, llama, mistral, opt, phi, qwen2, qwen3, roberta, xlm-roberta (" + config() + ")");
    }

    @Test
    void noArchitecture() throws IOException {
        copy("gpt2");
        set("model_type", "null");
        assertFails(
                this::open,
                ErrorCode.BAD_MODEL,
                "model_type is null; expected the name of an architecture (" + config() + ")");
    }

    /** Settings that would make it another model, and values that cannot be what the key means. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bert | position_embedding_type | "relative_key" | UNSUPPORTED_MODEL | "absolute"
            albert | position_embedding_type | "relative_key_query" | UNSUPPORTED_MODEL | "absolute"
            bert | add_cross_attention | true | UNSUPPORTED_MODEL | false
            gpt2 | add_cross_attention | true | UNSUPPORTED_MODEL | false
            gpt2 | quantization_config | {"bits":4} | UNSUPPORTED_MODEL | weights that are not quantized
            gpt2 | n_embd | 24.5 | BAD_MODEL | a positive whole number
            gpt2 | n_head | 0 | BAD_MODEL | a positive whole number
            gpt2 | n_embd | 25 | BAD_MODEL | a multiple of the 3 heads
            gpt2 | layer_norm_epsilon | "small" | BAD_MODEL | a number
            gpt2 | scale_attn_weights | 1 | BAD_MODEL | true or false
            gpt2 | activation_function | "mish" | UNSUPPORTED_MODEL | gelu, gelu_python, gelu_new, gelu_fast, gelu_accurate, gelu_pytorch_tanh, gelu_python_tanh, quick_gelu, silu, swish, relu, relu2 or tanh
            gpt2 | activation_function | 3 | BAD_MODEL | a string
            variants/gpt-neo-types | attention_types | [[["global","banded"],2]] | UNSUPPORTED_MODEL | a list of [[types], count], types global or local, for 3 layers in all
            variants/gpt-neo-types | attention_types | null | BAD_MODEL | a list of [[types], count], types global or local, for 3 layers in all
            variants/gpt-neo-types | attention_types | [[["global"],2]] | BAD_MODEL | a list of [[types], count], types global or local, for 3 layers in all
            gpt-neo | attention_layers | ["global","banded"] | UNSUPPORTED_MODEL | global or local for each layer
            gpt-neo | attention_layers | ["global"] | BAD_MODEL | as many as the 2 layers
            gpt2 | num_attention_heads | 9 | BAD_MODEL | the 3 that n_head says
            llama | is_causal | false | UNSUPPORTED_MODEL | true, as always in this family
            mistral | sliding_window | 0 | BAD_MODEL | a positive whole number
            llama | num_key_value_heads | 3 | BAD_MODEL | a divisor of the 4 heads
            mistral | layer_types | ["full_attention"] | UNSUPPORTED_MODEL | no such key: every layer of a mistral model sees the same window
            qwen3 | layer_types | ["full_attention","sliding_attention"] | UNSUPPORTED_MODEL | only full_attention where use_sliding_window is not true
            qwen3 | layer_types | ["full_attention","chunked_attention"] | UNSUPPORTED_MODEL | full_attention or sliding_attention for each layer
            qwen3 | layer_types | ["full_attention"] | BAD_MODEL | as many as the 2 layers
            gemma2 | use_bidirectional_attention | true | UNSUPPORTED_MODEL | false
            gemma2 | attn_logit_softcapping | 0.0 | BAD_MODEL | a positive number, or null for no cap
            gemma2 | final_logit_softcapping | -1 | BAD_MODEL | a positive number, or null for no cap
            gpt-neox | head_dim | 6 | UNSUPPORTED_MODEL | 4, hidden_size by num_attention_heads
            bert | pruned_heads | {"0":[1]} | UNSUPPORTED_MODEL | none: every layer has all its heads
            gemma2 | sliding_window | null | BAD_MODEL | a positive whole number
            roberta | pad_token_id | -1 | BAD_MODEL | a whole number from 0
            llama | rope_parameters | 3 | BAD_MODEL | an object
            """)
    void settingsThatAreNotRead(String golden, String key, String value, ErrorCode code, String expected)
            throws IOException {
        copy(golden);
        set(key, value);
        assertFails(this::open, code, key + " is " + value + "; expected " + expected + " (" + config() + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"rope_type":"mrope"} | UNSUPPORTED_MODEL | rope_type is "mrope"; expected default, linear, dynamic, yarn, longrope or llama3
            {"rope_type":"linear"} | BAD_MODEL | factor is missing; expected a number
            {"rope_type":"llama3","factor":8} | BAD_MODEL | low_freq_factor is missing; expected a number
            {"rope_type":"longrope","factor":2} | BAD_MODEL | short_factor is missing; expected a list of numbers
            {"rope_type":"longrope","factor":2,"short_factor":[1,2]} | BAD_MODEL | short_factor is [1,2]; expected 3 numbers, one for each pair of rotated components
            {"full_attention":{"rope_type":"default"}} | UNSUPPORTED_MODEL | full_attention is {"rope_type":"default"}; expected one set of rotary settings for all layers
            {"partial_rotary_factor":0.5} | UNSUPPORTED_MODEL | partial_rotary_factor is 0.5; expected 1, as this family rotates whole heads
            """)
    void rotarySettingsThatAreNotRead(String rope, ErrorCode code, String message) throws IOException {
        copy("llama");
        set("rope_parameters", rope);
        assertFails(this::open, code, "rope_parameters." + message + " (" + config() + ")");
    }

    @Test
    void oddNumberOfRotaryComponents() throws IOException {
        copy("phi");
        set("rope_parameters", "{\"partial_rotary_factor\":0.7}");
        assertFails(
                this::open,
                ErrorCode.UNSUPPORTED_MODEL,
                "rotary components per head is 3; expected an even number from 2 (" + config() + ")");
    }

    @Test
    void tensorMissing() throws IOException {
        copy("gpt2");
        set("n_layer", "4");
        assertFails(
                this::open,
                ErrorCode.BAD_MODEL,
                "no tensor 'transformer.h.3.ln_1.weight' among the 40 of " + folder.resolve("model.safetensors"));
    }

    @Test
    void tensorOfAnotherShape() throws IOException {
        copy("gpt2");
        set("n_inner", "8");
        assertFails(
                this::open,
                ErrorCode.BAD_MODEL,
                "tensor 'transformer.h.0.mlp.c_fc.weight' is of shape [9, 7]; expected [9, 8] by config.json ("
                        + folder.resolve("model.safetensors") + ")");
    }

    @Test
    void promptsThatDoNotFit() throws IOException {
        try (Network network = Network.open("opt", Golden.of("opt").model())) {
            assertBadPrompt(network, new long[0], "prompt has no tokens; expected 1 to 64 (model opt)");
            assertBadPrompt(
                    network,
                    new long[65],
                    "prompt has 65 tokens; expected at most 64, the model's positions (model opt)");
            assertBadPrompt(network, new long[] {2, 41}, "token id at position 1 is 41; expected 0 to 40 (model opt)");
            assertBadPrompt(network, new long[] {-1}, "token id at position 0 is -1; expected 0 to 40 (model opt)");
            Set<HookPoint> last = EnumSet.of(HookPoint.FINAL);
            assertThat(KeptActivations.of(network, last, Set.of(), new long[64]).get(HookPoint.FINAL, 0))
                    .hasSize(64 * 9);
        }
    }

    @Test
    void promptsWhoseAttentionDoesNotFitAnArray() throws IOException {
        copy("llama");
        set("max_position_embeddings", "131072");
        try (Network network = Network.open("llama", folder)) {
            assertFails(
                    () -> KeptActivations.all(network, new long[46_341]),
                    ErrorCode.LIMIT_EXCEEDED,
                    "prompt has 46341 tokens; expected at most 46340, whose attention by one head fits an array"
                            + " (model llama)");
        }
    }

    @Test
    void positionsOfRobertaStartAfterThePaddingId() throws IOException {
        try (Network network = Network.open("roberta", Golden.of("roberta").model())) {
            assertBadPrompt(
                    network,
                    new long[65],
                    "prompt has 65 tokens; expected at most 64, the model's positions (model roberta)");
            Set<HookPoint> last = EnumSet.of(HookPoint.FINAL);
            assertThat(KeptActivations.of(network, last, Set.of(), new long[64]).get(HookPoint.FINAL, 0))
                    .hasSize(64 * 10);
        }
    }

    private static void assertBadPrompt(Network network, long[] ids, String message) {
        assertFails(() -> KeptActivations.all(network, ids), ErrorCode.BAD_PROMPT, message);
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }

    private Path config() {
        return folder.resolve("config.json");
    }

    private void open() {
        Network.open("model", folder).close();
    }

    private void copy(String golden) throws IOException {
        try (Stream<Path> files = Files.list(Golden.of(golden).model())) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private void set(String key, String value) throws IOException {
        ObjectNode config = (ObjectNode) new JsonMapper().readTree(config().toFile());
        config.set(key, new JsonMapper().readTree(value));
        Files.writeString(config(), config.toString());
    }
}
