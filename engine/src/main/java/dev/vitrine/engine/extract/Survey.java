package dev.vitrine.engine.extract;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TransformerModel;

/** What lies ahead: found by tokenizing every prompt once before the first is run, so that a bad one is not found hours later. */
final class Survey {
    private int prompts;
    private long tokens;

    private Survey() {}

    /** {@code BAD_PROMPT} with the place of a prompt that cannot be read or is longer than the model's positions. */
    static Survey of(PromptSource source, TransformerModel model) {
        Survey survey = new Survey();
        source.forEach(model, prompt -> survey.add(prompt, model.card()));
        return survey;
    }

    private void add(Prompt prompt, ModelCard model) {
        int length = prompt.tokens().length();
        if (length > model.maxPositions()) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT,
                    prompt.place() + ": prompt has " + length + " tokens, model " + model.name() + " takes at most "
                            + model.maxPositions());
        }
        prompts++;
        tokens += length;
    }

    int prompts() {
        return prompts;
    }

    long tokens() {
        return tokens;
    }
}
