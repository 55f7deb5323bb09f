package dev.vitrine.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;

/**
 * The templates by which a tokenizer.json adds special tokens. One that names a token it does not define makes the tokenizers library
 * end the process at the first prompt, so it is looked at before the library sees it.
 */
final class PostProcessorTemplates {
    private PostProcessorTemplates() {}

    /** Checks a post_processor, and those inside it where it is a sequence. */
    static void check(JsonNode processor, Path file) {
        for (JsonNode inner : processor.path("processors")) {
            check(inner, file);
        }
        for (String template : new String[] {"single", "pair"}) {
            for (JsonNode piece : processor.path(template)) {
                JsonNode id = piece.path("SpecialToken").path("id");
                if (!id.isMissingNode() && !processor.path("special_tokens").has(id.asText())) {
                    throw new VitrineException(
                            ErrorCode.BAD_MODEL,
                            "template '" + template + "' of post_processor adds " + id
                                    + "; expected one of its special_tokens (" + file + ")");
                }
            }
        }
    }
}
