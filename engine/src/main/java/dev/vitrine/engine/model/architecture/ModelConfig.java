package dev.vitrine.engine.model.architecture;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model's config.json, or an object inside it. Every read takes the value that an absent key stands for, which is the default of
 * transformers' configuration class; null counts as absent, except in {@link #has}.
 */
public final class ModelConfig {
    private final JsonNode node;
    private final String path;
    private final Path file;

    private ModelConfig(JsonNode node, String path, Path file) {
        this.node = node;
        this.path = path;
        this.file = file;
    }

    /** The config.json of a folder. */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            JsonNode node = new JsonMapper().readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new VitrineException(
                        ErrorCode.BAD_MODEL,
                        "config.json is a JSON " + node.getNodeType() + "; expected an object (" + file + ")");
            }
            return new ModelConfig(node, "", file);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "config.json is not JSON: " + e.getOriginalMessage() + " (" + file + ", line " + at.getLineNr()
                            + ", column " + at.getColumnNr() + ")",
                    e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + file + ": " + e, e);
        }
    }

    /** The family, e.g. {@code gpt2}. */
    public String modelType() {
        return required("model_type", "the name of an architecture").asText();
    }

    boolean isEmpty() {
        return node.isEmpty();
    }

    /** Whether the key is there, be it null. */
    boolean has(String key) {
        return node.has(key);
    }

    /** Whether the key is there with a value. */
    boolean given(String key) {
        return node.hasNonNull(key);
    }

    int count(String key, int absent) {
        return given(key) ? count(key) : absent;
    }

    /** Under either of two names that mean the same; they may not contradict each other. */
    int count(String key, String alias, int absent) {
        int value = count(key, count(alias, absent));
        if (count(alias, value) != value) {
            throw bad(alias, "the " + value + " that " + key + " says");
        }
        return value;
    }

    int count(String key) {
        JsonNode value = required(key, "a positive whole number");
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw bad(key, "a positive whole number");
        }
        return value.intValue();
    }

    /** A token id, or any whole number that may be 0. */
    int index(String key, int absent) {
        if (!given(key)) {
            return absent;
        }
        JsonNode value = node.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw bad(key, "a whole number from 0");
        }
        return value.intValue();
    }

    double real(String key, double absent) {
        return given(key) ? real(key) : absent;
    }

    double real(String key) {
        JsonNode value = required(key, "a number");
        if (!value.isNumber()) {
            throw bad(key, "a number");
        }
        return value.doubleValue();
    }

    boolean flag(String key, boolean absent) {
        if (!given(key)) {
            return absent;
        }
        JsonNode value = node.get(key);
        if (!value.isBoolean()) {
            throw bad(key, "true or false");
        }
        return value.booleanValue();
    }

    String text(String key, String absent) {
        if (!given(key)) {
            return absent;
        }
        JsonNode value = node.get(key);
        if (!value.isTextual()) {
            throw bad(key, "a string");
        }
        return value.textValue();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(key, "a list of strings")) {
            if (!element.isTextual()) {
                throw bad(key, "a list of strings");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    double[] reals(String key) {
        JsonNode list = list(key, "a list of numbers");
        double[] reals = new double[list.size()];
        for (int i = 0; i < reals.length; i++) {
            if (!list.get(i).isNumber()) {
                throw bad(key, "a list of numbers");
            }
            reals[i] = list.get(i).doubleValue();
        }
        return reals;
    }

    /** The list as it stands, for what no other method reads. */
    JsonNode list(String key, String expected) {
        JsonNode list = required(key, expected);
        if (!list.isArray()) {
            throw bad(key, expected);
        }
        return list;
    }

    /** The object under a key, without keys where there is none. */
    ModelConfig object(String key) {
        JsonNode value = given(key) ? node.get(key) : JsonNodeFactory.instance.objectNode();
        if (!value.isObject()) {
            throw bad(key, "an object");
        }
        return new ModelConfig(value, path + key + ".", file);
    }

    /** Refuses a flag that would make it another model. */
    void refuse(String key) {
        if (flag(key, false)) {
            throw unsupported(key, "false");
        }
    }

    /** Refuses objects inside this one. */
    void refuseObjects(String expected) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                throw unsupported(entry.getKey(), expected);
            }
        }
    }

    /** The value cannot be what the key means. */
    VitrineException bad(String key, String expected) {
        return new VitrineException(ErrorCode.BAD_MODEL, found(key) + "; expected " + expected + " (" + file + ")");
    }

    /** The value may be right, but it is one that Vitrine does not read. */
    VitrineException unsupported(String key, String expected) {
        return new VitrineException(
                ErrorCode.UNSUPPORTED_MODEL, found(key) + "; expected " + expected + " (" + file + ")");
    }

    /** What follows from several keys is not what Vitrine reads. */
    VitrineException unsupported(String subject, Object value, String expected) {
        return new VitrineException(
                ErrorCode.UNSUPPORTED_MODEL, subject + " is " + value + "; expected " + expected + " (" + file + ")");
    }

    private String found(String key) {
        return path + key + (node.has(key) ? " is " + node.get(key) : " is missing");
    }

    private JsonNode required(String key, String expected) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw bad(key, expected);
        }
        return value;
    }
}
