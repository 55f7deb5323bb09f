package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Ids, tokens and special marks are those of Hugging Face's own tokenizers: WordPiece, byte BPE, SentencePiece BPE in three forms, Unigram. */
class GoldenTokensTest {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");

    static List<String> families() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDENS)) {
            return folders.filter(folder -> Files.exists(folder.resolve("prompts.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void promptsBecomeTheReferenceTokens(String family) throws IOException {
        JsonNode prompts = new JsonMapper()
                .readTree(GOLDENS.resolve(family).resolve("prompts.json").toFile());
        try (Tokenizer tokenizer = Tokenizer.open(GOLDENS.resolve(family).resolve("model"))) {
            for (JsonNode prompt : prompts) {
                TokenizedPrompt encoded = tokenizer.encode(prompt.get("text").asText());
                assertThat(encoded.ids())
                        .containsExactly(stream(prompt, "ids")
                                .mapToLong(JsonNode::asLong)
                                .toArray());
                assertThat(encoded.tokens()).containsExactly(tokens(prompt, tokenizer));
                assertThat(encoded.special()).containsExactly(special(prompt));
                assertThat(tokenizer.ofIds(encoded.ids()).special()).containsExactly(special(prompt));
            }
        }
    }

    /** The reference's Unigram gives the text itself where a piece is unknown; Vitrine gives the vocabulary's entry, as for all others. */
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
