package dev.vitrine.engine.extract;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of a UTF-8 file, read as they are needed: {@code .txt} with a prompt on each line, or {@code .jsonl} with an object on each
 * line, whose {@code text} is the prompt and whose other fields are its labels (numbers, lists and objects as they would be written in
 * JSON; a null is no label).
 */
public final class PromptFile implements PromptSource {
    private static final String TEXT = "text";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Path file;
    private final boolean json;

    private PromptFile(Path file, boolean json) {
        this.file = file;
        this.json = json;
    }

    /** The file is opened when its prompts are asked for; here {@code NOT_FOUND} if it is not there, {@code INVALID_ARGUMENT} by its ending. */
    public static PromptFile of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".txt") && !name.endsWith(".jsonl")) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "prompt file " + file + ": expected a name that ends in .txt (a prompt on each line) or .jsonl");
        }
        if (!Files.isRegularFile(file)) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "prompt file " + file + ": no such file");
        }
        return new PromptFile(file, name.endsWith(".jsonl"));
    }

    @Override
    public String name() {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    @Override
    public @Nullable Long seed() {
        return null;
    }

    @Override
    public void forEach(TransformerModel model, Consumer<Prompt> action) {
        long number = 0;
        long blank = 0;
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] line = line(bytes);
            while (line != null) {
                number++;
                String content = text(line, number);
                if (content.isBlank()) {
                    // Empty lines may only end the file: elsewhere prompts would no longer be counted as lines are.
                    blank = blank == 0 ? number : blank;
                } else if (blank > 0) {
                    throw bad(blank, "is empty; expected a prompt on each line", null);
                } else {
                    action.accept(prompt(model, content, number));
                }
                line = line(bytes);
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "prompt file " + file + " cannot be read: " + e, e);
        }
        if (number == 0 || blank == 1) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT, "prompt file " + file + " is empty; expected a prompt on each line");
        }
    }

    /** The bytes up to the next line feed, or null at the end of the file. */
    private static byte @Nullable [] line(InputStream bytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = bytes.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = bytes.read();
        }
        return line.toByteArray();
    }

    private String text(byte[] line, long number) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            String begun = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
            return begun.endsWith("\r") ? begun.substring(0, begun.length() - 1) : begun;
        } catch (CharacterCodingException e) {
            throw bad(number, "is not UTF-8", e);
        }
    }

    private Prompt prompt(TransformerModel model, String line, long number) throws IOException {
        Map<String, String> labels = new LinkedHashMap<>();
        String text = json ? read(line, number, labels) : line;
        try {
            return new Prompt(text, model.tokenizer().encode(text), labels, place(number));
        } catch (VitrineException e) {
            throw new VitrineException(e.code(), place(number) + ": " + e.getMessage(), e);
        }
    }

    /** The text of a line of JSON; its other fields become labels. */
    private String read(String line, long number, Map<String, String> labels) throws IOException {
        JsonNode object;
        try (JsonParser parser = JSON.createParser(line)) {
            object = JSON.readTree(parser);
            if (parser.nextToken() != null) {
                int column = parser.currentTokenLocation().getColumnNr();
                throw bad(number, "column " + column + " has something behind the JSON object", null);
            }
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw bad(number, "column " + column + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!object.isObject()) {
            throw bad(number, "is not a JSON object; expected {\"text\": \"…\", …}", null);
        }
        JsonNode text = object.get(TEXT);
        if (text == null || !text.isTextual()) {
            String found = text == null ? "no field 'text'" : "a 'text' that is " + text;
            throw bad(number, "has " + found + "; expected the prompt as a string", null);
        }
        if (text.textValue().isBlank()) {
            throw bad(number, "has an empty 'text'; expected the prompt", null);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text.textValue())) {
            throw bad(number, "has a 'text' with half a surrogate pair, which is no character", null);
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (!field.getKey().equals(TEXT) && !value.isNull()) {
                labels.put(field.getKey(), value.isTextual() ? value.textValue() : value.toString());
            }
        }
        return text.textValue();
    }

    private String place(long number) {
        return "prompt file " + file + ", line " + number;
    }

    private VitrineException bad(long number, String what, @Nullable Exception cause) {
        return new VitrineException(ErrorCode.BAD_PROMPT, place(number) + " " + what, cause);
    }
}
