package dev.vitrine.udfs;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;

/** What a table function may reach: the store it is called on and the models behind its runs. */
public interface FunctionContext {
    /** The store that the query reads. */
    Store store();

    /** The model that a run was extracted with, opened at first use and owned by the context. */
    TransformerModel model(Run run);

    /**
     * The model of that name: {@code NOT_FOUND} where no run of the store names it, {@code INVALID_ARGUMENT} where runs of different
     * models do.
     */
    TransformerModel model(String name);

    /** Throws {@code CANCELLED} or {@code TIMED_OUT} once the query should end; call it at least every few milliseconds of work. */
    void checkActive();

    /**
     * The run of that name, which has that prompt: {@code NOT_FOUND} where there is no such run, {@code INVALID_ARGUMENT} where it has
     * fewer prompts.
     *
     * @param function SQL name of the function that asks, for the message
     */
    default Run run(String function, String run, int prompt) {
        Run found = store().run(run);
        if (prompt < 0 || prompt >= found.prompts()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": prompt is " + prompt + "; expected 0 to " + (found.prompts() - 1)
                            + ", the prompts of run " + run);
        }
        return found;
    }
}
