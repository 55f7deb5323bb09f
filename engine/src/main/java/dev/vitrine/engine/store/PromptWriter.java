package dev.vitrine.engine.store;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;

/**
 * Writes one prompt of a run: run the model into it, then {@link #commit}. An activation that it wants is its own
 * from then on, and its numbers must not change until the prompt is committed. One thread calls at a time; those of other prompts may call meanwhile.
 */
public final class PromptWriter implements ActivationSink {
    private final RunWriter run;
    private final int prompt;
    private final String ids;
    private final long before;

    /**
     * A prompt in flight.
     *
     * @param ids checksum of the token ids of the run's prompts up to this one
     * @param before writes of the queue that must be done before more than the first layer is taken
     */
    PromptWriter(RunWriter run, int prompt, String ids, long before) {
        this.run = run;
        this.prompt = prompt;
        this.ids = ids;
        this.before = before;
    }

    @Override
    public boolean wants(HookPoint hook, int layer) {
        return run.wants(hook, layer);
    }

    @Override
    public void accept(HookPoint hook, int layer, NDArray activation) {
        run.accept(prompt, hook, layer, activation, before);
    }

    /** Ends the prompt, after all before it; {@code INTERNAL} if the model left out an activation that the plan keeps. */
    public void commit() {
        run.commit(prompt, ids, before);
    }
}
