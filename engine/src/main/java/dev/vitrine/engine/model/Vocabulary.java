package dev.vitrine.engine.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The tokens of a tokenizer.json by id: the model's own and the added ones. The file is streamed, because the merges, which are not
 * needed here, can be most of its tens of megabytes.
 */
final class Vocabulary {
    /** No tokenizer comes near this; a larger id is damage, and must not become an allocation. */
    private static final int LARGEST_ID = 1 << 24;

    /** Tokens are field names here: a quarter of a million of them are too many for a table of known names. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private final Path file;
    private final List<String> tokens = new ArrayList<>();
    private final BitSet special = new BitSet();
    private String unknownToken = "";
    private int unknownId = -1;

    private Vocabulary(Path file) {
        this.file = file;
    }

    static Vocabulary read(Path file) throws IOException {
        Vocabulary vocabulary = new Vocabulary(file);
        try (JsonParser json = JSON.createParser(file.toFile())) {
            vocabulary.expect(json, json.nextToken(), JsonToken.START_OBJECT, "the file");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "added_tokens" -> vocabulary.readAdded(json);
                    case "model" -> vocabulary.readModel(json);
                    case "post_processor" -> PostProcessorTemplates.check(json.readValueAsTree(), file);
                    default -> json.skipChildren();
                }
            }
        }
        if (vocabulary.tokens.isEmpty()) {
            throw new VitrineException(ErrorCode.BAD_MODEL, "no model.vocab with tokens in " + file);
        }
        if (vocabulary.unknownId < 0) {
            vocabulary.unknownId = vocabulary.tokens.indexOf(vocabulary.unknownToken);
        }
        return vocabulary;
    }

    /** Tokens by id; empty strings where the file gives an id no token. */
    List<String> tokens() {
        return tokens;
    }

    /** Whether the token stands for something other than text. The unknown token does not: it is there instead of text. */
    boolean special(long id) {
        return id != unknownId && id <= Integer.MAX_VALUE && special.get((int) id);
    }

    private void readAdded(JsonParser json) throws IOException {
        JsonNode added = json.readValueAsTree();
        for (JsonNode token : added) {
            int id = token.path("id").asInt(-1);
            put(id, token.path("content").asText());
            special.set(id, token.path("special").asBoolean());
        }
    }

    private void readModel(JsonParser json) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_OBJECT, "model");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("unk_token") && value == JsonToken.VALUE_STRING) {
                unknownToken = json.getText();
            } else if (field.equals("unk_id") && value == JsonToken.VALUE_NUMBER_INT) {
                unknownId = json.getIntValue();
            } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
                readScored(json);
            } else if (field.equals("vocab")) {
                expect(json, value, JsonToken.START_OBJECT, "model.vocab");
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String token = json.currentName();
                    expect(json, json.nextToken(), JsonToken.VALUE_NUMBER_INT, "id of '" + token + "' in model.vocab");
                    put(json.getIntValue(), token);
                }
            } else {
                json.skipChildren();
            }
        }
    }

    /** Unigram: a list of [token, score]; the place in the list is the id. */
    private void readScored(JsonParser json) throws IOException {
        for (int id = 0; json.nextToken() == JsonToken.START_ARRAY; id++) {
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, "entry " + id + " of model.vocab");
            put(id, json.getText());
            while (json.nextToken() != JsonToken.END_ARRAY) {
                json.skipChildren();
            }
        }
    }

    private void put(int id, String token) {
        if (id < 0 || id > LARGEST_ID) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "id of token '" + token + "' is " + id + "; expected 0 to " + LARGEST_ID + " (" + file + ")");
        }
        while (tokens.size() <= id) {
            tokens.add("");
        }
        tokens.set(id, token);
    }

    private void expect(JsonParser json, JsonToken found, JsonToken expected, String subject) throws IOException {
        if (found != expected) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    subject + " is " + found + "; expected " + expected + " (" + file + ", line "
                            + json.currentTokenLocation().getLineNr() + ")");
        }
    }
}
