package dev.vitrine.engine.extract;

import dev.vitrine.engine.model.TransformerModel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where prompts come from: a file, or a generator. */
public interface PromptSource {
    /** What a run of these prompts is called after the model's name. */
    String name();

    /** What the prompts are drawn from; null where they are given. */
    @Nullable
    Long seed();

    /** Gives every prompt in order, one at a time, and the same ones on every call; {@code BAD_PROMPT} with the place of one that is wrong. */
    void forEach(TransformerModel model, Consumer<Prompt> action);
}
