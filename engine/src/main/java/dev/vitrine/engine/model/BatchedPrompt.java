package dev.vitrine.engine.model;

/** A prompt of a forward pass that several share. */
public final class BatchedPrompt {
    private final long[] tokenIds;
    private final ActivationSink sink;

    /**
     * A prompt and who is given its activations.
     *
     * @param tokenIds its tokens, unpadded; must not change before the pass ends
     */
    public BatchedPrompt(long[] tokenIds, ActivationSink sink) {
        this.tokenIds = tokenIds;
        this.sink = sink;
    }

    long[] tokenIds() {
        return tokenIds;
    }

    ActivationSink sink() {
        return sink;
    }
}
