package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A sink that copies what it wants to the heap. */
final class KeptActivations implements ActivationSink {
    private final Set<HookPoint> hooks;
    private final Set<Integer> layers;
    private final Map<String, float[]> values = new HashMap<>();

    private KeptActivations(Set<HookPoint> hooks, Set<Integer> layers) {
        this.hooks = hooks;
        this.layers = layers;
    }

    /** Runs a prompt and keeps everything. */
    static KeptActivations all(Network network, long... ids) {
        return of(network, EnumSet.allOf(HookPoint.class), Set.of(), ids);
    }

    /** Runs a prompt and keeps some hooks in some layers; no layers stand for all. */
    static KeptActivations of(Network network, Set<HookPoint> hooks, Set<Integer> layers, long... ids) {
        KeptActivations kept = new KeptActivations(hooks, layers);
        network.forward(ids, kept);
        return kept;
    }

    float[] get(HookPoint hook, int layer) {
        return Objects.requireNonNull(values.get(hook + " " + layer), () -> "no " + hook + " of layer " + layer);
    }

    Set<String> names() {
        return values.keySet();
    }

    @Override
    public boolean wants(HookPoint hook, int layer) {
        return hooks.contains(hook) && (layers.isEmpty() || layers.contains(layer));
    }

    @Override
    public void accept(HookPoint hook, int layer, NDArray activation) {
        values.put(hook + " " + layer, activation.toFloatArray());
    }
}
