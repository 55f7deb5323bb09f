package dev.vitrine.engine.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A model's tokenizer.json: text to ids and back. Text is neither cut nor padded, whatever the file says. Safe to use from several
 * threads until it is closed; the model that it came from closes it.
 */
public final class Tokenizer implements AutoCloseable {
    /** Whether a prompt begins with the beginning-of-sequence token that config.json names ({@code bos_token_id}). */
    public enum Bos {
        /** As the tokenizer itself does it. */
        AS_TOKENIZER,
        /** Always, added where the tokenizer does not. */
        ON,
        /** Never, taken away where the tokenizer adds it. */
        OFF
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final long bosId;
    private final Path file;

    private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, long bosId, Path file) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.bosId = bosId;
        this.file = file;
    }

    /** Reads tokenizer.json, and bos_token_id of config.json, from a model's folder. */
    static Tokenizer open(Path folder) {
        NativeLibraries.prepare();
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "no tokenizer.json in " + folder + "; an older folder gets one in Python:"
                            + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)");
        }
        try {
            Vocabulary vocabulary = Vocabulary.read(file);
            return new Tokenizer(load(file), vocabulary, bosId(folder.resolve("config.json")), file);
        } catch (JsonProcessingException e) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "not JSON: " + e.getOriginalMessage() + " (" + file + ", line "
                            + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ")",
                    e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + file + ": " + e, e);
        }
    }

    private static HuggingFaceTokenizer load(Path file) throws IOException {
        try {
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optPadding(false)
                    .optTruncation(false)
                    .build();
        } catch (RuntimeException e) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "tokenizer is not one that can be read: " + e.getMessage() + " (" + file + ")",
                    e);
        }
    }

    private static long bosId(Path config) throws IOException {
        JsonNode id = Files.exists(config)
                ? new JsonMapper().readTree(config.toFile()).path("bos_token_id")
                : null;
        return id != null && id.isIntegralNumber() ? id.longValue() : -1;
    }

    /** The prompt as the model was trained to see it: with the special tokens that the tokenizer adds. */
    public TokenizedPrompt encode(String text) {
        return encode(text, Bos.AS_TOKENIZER);
    }

    /**
     * The prompt with or without a beginning-of-sequence token. {@code BAD_PROMPT} where no token is left, {@code INVALID_ARGUMENT}
     * where {@code ON} is asked of a model that has no such token.
     */
    public TokenizedPrompt encode(String text, Bos bos) {
        Encoding encoding;
        try {
            encoding = tokenizer.encode(text, true, false);
        } catch (RuntimeException e) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT, "prompt '" + text + "' cannot be tokenized: " + e.getMessage(), e);
        }
        long[] ids = encoding.getIds();
        long[] mask = encoding.getSpecialTokenMask();
        int from = 0;
        boolean prepend = false;
        boolean present = ids.length > 0 && ids[0] == bosId;
        if (bos == Bos.OFF && present) {
            from = 1;
        } else if (bos == Bos.ON && !present) {
            if (bosId < 0) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the model has no beginning-of-sequence token: no bos_token_id in config.json beside " + file);
            }
            prepend = true;
        }
        int shift = (prepend ? 1 : 0) - from;
        int length = ids.length + shift;
        if (length == 0) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT, "prompt '" + text + "' has no tokens; expected at least one");
        }
        long[] kept = new long[length];
        boolean[] special = new boolean[length];
        if (prepend) {
            kept[0] = bosId;
            special[0] = true;
        }
        for (int i = from; i < ids.length; i++) {
            kept[i + shift] = ids[i];
            special[i + shift] = mask[i] != 0;
        }
        return new TokenizedPrompt(kept, tokens(kept), special);
    }

    /** A prompt of given ids, with nothing added: special are those that the tokenizer declares so, the unknown token excepted. */
    public TokenizedPrompt ofIds(long[] ids) {
        boolean[] special = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size()) {
                throw new VitrineException(
                        ErrorCode.BAD_PROMPT,
                        "token id " + ids[i] + " at position " + i + " is not in the vocabulary; expected 0 to "
                                + (size() - 1));
            }
            special[i] = vocabulary.special(ids[i]);
        }
        return new TokenizedPrompt(ids.clone(), tokens(ids), special);
    }

    /** The token as the vocabulary spells it; empty where no token has that id, as embedding matrices are often padded. */
    public String token(int id) {
        return id < size() ? vocabulary.tokens().get(id) : "";
    }

    /** One more than the largest id. The model's embedding matrix may have more rows. */
    public int size() {
        return vocabulary.tokens().size();
    }

    /** All tokens by id, added ones included; empty strings where no token has that id. */
    public List<String> vocabulary() {
        return Collections.unmodifiableList(vocabulary.tokens());
    }

    /** The text that the tokens stand for, special tokens left out. */
    public String decode(long[] ids) {
        return tokenizer.decode(ids, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private String[] tokens(long[] ids) {
        return Arrays.stream(ids).mapToObj(id -> token((int) id)).toArray(String[]::new);
    }
}
