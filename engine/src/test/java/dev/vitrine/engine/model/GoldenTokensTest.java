package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ids, tokens and special marks are those of Hugging Face's own tokenizers: WordPiece, byte BPE, SentencePiece BPE in three forms,
 * Unigram, whole words; with odd texts, for tokenizers learned from more text than those of the models.
 */
class GoldenTokensTest {
    static List<Path> models() throws IOException {
        return folders(Golden.COMPARED, "model/tokenizer.json");
    }

    static List<Path> tokenizers() throws IOException {
        return folders(PackedGoldens.FOLDER.resolve("tokenizers"), "tokenizer.json");
    }

    private static List<Path> folders(Path root, String file) throws IOException {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve(file)))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void promptsBecomeTheReferenceTokens(Path folder) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("model"))) {
            for (JsonNode prompt : read(folder.resolve("prompts.json"))) {
                TokenizedPrompt encoded = tokenizer.encode(prompt.get("text").asText());
                assertThat(encoded.ids()).containsExactly(ids(prompt));
                assertThat(encoded.tokens()).containsExactly(tokens(prompt, tokenizer));
                assertThat(encoded.special()).containsExactly(special(prompt));
                assertThat(tokenizer.ofIds(encoded.ids()).special()).containsExactly(special(prompt));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void oddTextsBecomeTheReferenceIds(Path folder) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (JsonNode text : read(folder.resolve("texts.json"))) {
                String odd = text.get("text").asText();
                if (text.get("ids").isEmpty()) {
                    assertThatThrownBy(() -> tokenizer.encode(odd)).hasMessageContaining("has no tokens");
                    continue;
                }
                TokenizedPrompt encoded = tokenizer.encode(odd);
                assertThat(encoded.ids()).as(odd).containsExactly(ids(text));
                boolean[] special = new boolean[encoded.length()];
                text.get("special").forEach(position -> special[position.intValue()] = true);
                assertThat(encoded.special()).as(odd).containsExactly(special);
            }
        }
    }

    /** An older reference has the text itself where a Unigram piece is unknown; this is about the vocabulary's entry. */
    private static String[] tokens(JsonNode prompt, Tokenizer tokenizer) {
        String[] tokens = stream(prompt, "tokens").map(JsonNode::asText).toArray(String[]::new);
        for (int i = 0; i < tokens.length; i++) {
            String entry = tokenizer.token(prompt.get("ids").get(i).asInt());
            if (entry.equals("<unk>")) {
                tokens[i] = entry;
            }
        }
        return tokens;
    }

    private static JsonNode read(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private static long[] ids(JsonNode prompt) {
        return stream(prompt, "ids").mapToLong(JsonNode::asLong).toArray();
    }

    private static boolean[] special(JsonNode prompt) {
        JsonNode marks = prompt.get("special");
        boolean[] special = new boolean[marks.size()];
        for (int i = 0; i < special.length; i++) {
            special[i] = marks.get(i).asInt() == 1;
        }
        return special;
    }

    private static Stream<JsonNode> stream(JsonNode prompt, String field) {
        return StreamSupport.stream(prompt.get(field).spliterator(), false);
    }
}
