package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final Path TOKENIZERS = PackedGoldens.FOLDER.resolve("tokenizers");

    /** Ids 2 and 5 are holes; 7 is added beside the model's own. */
    private static final String WORDS = """
            {"version": "1.0",
             "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
             "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "a"},
             "added_tokens": [
              {"id": 6, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
              {"id": 7, "content": "new", "special": false, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "<unk>": 3, "d": 4, "<s>": 6}, "unk_token": "<unk>"}}
            """;

    @TempDir
    Path folder;

    @Test
    void aBosIsAddedOrTakenAwayOnlyWhereAsked() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.of("gpt2").model());
                Tokenizer llama = Tokenizer.open(Golden.of("llama").model())) {
            assertThat(gpt2.encode("a", Tokenizer.Bos.AS_TOKENIZER).tokens()).containsExactly("a");
            assertThat(gpt2.encode("a", Tokenizer.Bos.OFF).tokens()).containsExactly("a");
            TokenizedPrompt added = gpt2.encode("a", Tokenizer.Bos.ON);
            assertThat(added.tokens()).containsExactly("<|endoftext|>", "a");
            assertThat(added.ids()).containsExactly(0, 65);
            assertThat(added.special()).containsExactly(true, false);
            assertThat(added.length()).isEqualTo(2);

            assertThat(llama.encode("the", Tokenizer.Bos.AS_TOKENIZER).tokens()).containsExactly("<s>", "▁the");
            assertThat(llama.encode("the", Tokenizer.Bos.ON).tokens()).containsExactly("<s>", "▁the");
            TokenizedPrompt taken = llama.encode("the", Tokenizer.Bos.OFF);
            assertThat(taken.tokens()).containsExactly("▁the");
            assertThat(taken.special()).containsExactly(false);
        }
    }

    @Test
    void aBosThatTheModelDoesNotHaveCannotBeAdded() {
        Path bert = Golden.of("bert").model();
        try (Tokenizer tokenizer = Tokenizer.open(bert)) {
            assertFails(
                    ErrorCode.INVALID_ARGUMENT,
                    "the model has no beginning-of-sequence token: no bos_token_id in config.json beside "
                            + bert.resolve("tokenizer.json"),
                    () -> tokenizer.encode("a", Tokenizer.Bos.ON));
        }
    }

    @Test
    void aPromptNeedsAToken() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.of("gpt2").model());
                Tokenizer bert = Tokenizer.open(Golden.of("bert").model())) {
            assertFails(ErrorCode.BAD_PROMPT, "prompt '' has no tokens; expected at least one", () -> gpt2.encode(""));
            assertThat(gpt2.encode("", Tokenizer.Bos.ON).tokens()).containsExactly("<|endoftext|>");
            assertThat(bert.encode("").tokens()).containsExactly("[CLS]", "[SEP]");
        }
    }

    @Test
    void textIsNeitherCutNorPaddedWhateverTheFileSays() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(write(WORDS))) {
            assertThat(tokenizer.encode("a b d a").ids()).containsExactly(0, 1, 4, 0);
            assertThat(tokenizer.encode("d").ids()).containsExactly(4);
        }
    }

    @Test
    void theVocabularyHasAddedTokensAndHoles() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(write(WORDS))) {
            assertThat(tokenizer.vocabulary()).containsExactly("a", "b", "", "<unk>", "d", "", "<s>", "new");
            assertThat(tokenizer.size()).isEqualTo(8);
            assertThat(tokenizer.token(7)).isEqualTo("new");
            assertThat(tokenizer.token(8)).isEmpty();
            assertThat(tokenizer.encode("a new c").tokens()).containsExactly("a", "new", "<unk>");
        }
    }

    @Test
    void idsAreTakenAsTheyAre() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(write(WORDS))) {
            TokenizedPrompt prompt = tokenizer.ofIds(new long[] {6, 0, 3, 2, 7});
            assertThat(prompt.ids()).containsExactly(6, 0, 3, 2, 7);
            assertThat(prompt.tokens()).containsExactly("<s>", "a", "<unk>", "", "new");
            assertThat(prompt.special()).containsExactly(true, false, false, false, false);
            assertFails(
                    ErrorCode.BAD_PROMPT,
                    "token id 8 at position 1 is not in the vocabulary; expected 0 to 7",
                    () -> tokenizer.ofIds(new long[] {0, 8}));
            assertFails(
                    ErrorCode.BAD_PROMPT,
                    "token id -1 at position 0 is not in the vocabulary; expected 0 to 7",
                    () -> tokenizer.ofIds(new long[] {-1}));
        }
    }

    @Test
    void decodingLeavesSpecialTokensOut() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.of("gpt2").model());
                Tokenizer bert = Tokenizer.open(Golden.of("bert").model());
                Tokenizer mistral = Tokenizer.open(TOKENIZERS.resolve("prepend"))) {
            String text = "The cat sat by the né 😺 猫";
            assertThat(gpt2.decode(gpt2.encode(text, Tokenizer.Bos.ON).ids())).isEqualTo(text);
            assertThat(mistral.decode(mistral.encode(text).ids())).isEqualTo(text);
            assertThat(bert.decode(bert.encode("The cat sat").ids())).isEqualTo("the cat sat");
        }
    }

    @Test
    void anyJavaStringIsText() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.of("gpt2").model())) {
            assertThat(gpt2.decode(gpt2.encode("a\0b").ids())).isEqualTo("a\0b");
            assertThat(gpt2.decode(gpt2.encode("a\ud83db").ids()))
                    .startsWith("a\ufffd")
                    .endsWith("b");
            assertThat(gpt2.encode("a".repeat(100_000)).length()).isEqualTo(100_000);
        }
    }

    @Test
    void aFolderWithoutATokenizerIsRefused() {
        assertFails(
                ErrorCode.NOT_FOUND,
                "no tokenizer.json in " + folder + "; an older folder gets one in Python:"
                        + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)",
                () -> Tokenizer.open(folder));
    }

    @Test
    void aDamagedTokenizerIsRefusedWithThePlace() throws IOException {
        assertBad("{\"model\":", "not JSON: Unexpected end-of-input within/between Object entries (FILE, line 1)");
        assertBad("[]", "the file is START_ARRAY; expected START_OBJECT (FILE, line 1)");
        assertBad("{}", "no model.vocab with tokens in FILE");
        assertBad("{\"model\":{\"vocab\":{}}}", "no model.vocab with tokens in FILE");
        assertBad("{\"model\":{\"vocab\":3}}", "model.vocab is VALUE_NUMBER_INT; expected START_OBJECT (FILE, line 1)");
        assertBad(
                "{\"model\":{\"vocab\":{\"a\":\"b\"}}}",
                "id of 'a' in model.vocab is VALUE_STRING; expected VALUE_NUMBER_INT (FILE, line 1)");
        assertBad("{\"model\":{\"vocab\":{\"a\":-1}}}", "id of token 'a' is -1; expected 0 to 16777216 (FILE)");
        assertBad(
                "{\"model\":{\"vocab\":{\"a\":2000000000}}}",
                "id of token 'a' is 2000000000; expected 0 to 16777216 (FILE)");
        assertBad("{\"model\":{\"vocab\":[3]}}", "no model.vocab with tokens in FILE");
        assertBad(
                "{\"model\":{\"type\":\"Novel\",\"vocab\":{\"a\":0}}}",
                "tokenizer is not one that can be read: data did not match any variant of untagged enum ModelUntagged at line 1 column 42 (FILE)");
    }

    @Test
    void aTemplateWithAnUndefinedTokenIsRefusedBeforeItCanEndTheProcess() throws IOException {
        String template = """
                {"type": "Sequence", "processors": [{"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<t>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [6], "tokens": ["<s>"]}}}]}""";
        assertBad(
                WORDS.replace("\"post_processor\": null", "\"post_processor\": " + template),
                "template 'single' of post_processor adds \"<t>\"; expected one of its special_tokens (FILE)");
    }

    private void assertBad(String json, String message) throws IOException {
        Path file = write(json).resolve("tokenizer.json");
        assertFails(ErrorCode.BAD_MODEL, message.replace("FILE", file.toString()), () -> Tokenizer.open(folder));
    }

    private Path write(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        return folder;
    }
}
