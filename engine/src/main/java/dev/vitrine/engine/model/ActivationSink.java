package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;

/** Takes activations while a forward pass runs. What it does not want is neither kept nor, where possible, computed. */
public interface ActivationSink {
    /** Whether {@link #accept} should be called for this hook in this layer; layer is 0 for hooks once per prompt. */
    boolean wants(HookPoint hook, int layer);

    /**
     * Takes one activation, shaped as {@link HookPoint} says, float32 on the CPU. {@link HookPoint#ATTENTION} of a long prompt comes
     * in many calls, one head after the other, in a causal model some queries after the others: [1, r, m], of which the keys are the first
     * m and the queries the last r of those. The array belongs to the forward pass and is closed when the call returns, unless the sink
     * attaches it to a manager of its own. It must not be changed in place.
     */
    void accept(HookPoint hook, int layer, NDArray activation);
}
