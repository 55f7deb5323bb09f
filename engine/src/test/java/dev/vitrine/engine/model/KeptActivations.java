package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A sink that copies what it wants to the heap. */
final class KeptActivations implements ActivationSink {
    private final Set<HookPoint> hooks;
    private final Set<Integer> layers;
    private final int tokens;
    private final Map<String, float[]> values = new HashMap<>();

    private KeptActivations(Set<HookPoint> hooks, Set<Integer> layers, int tokens) {
        this.hooks = hooks;
        this.layers = layers;
        this.tokens = tokens;
    }

    /** Runs a prompt and keeps everything. */
    static KeptActivations all(Network network, long... ids) {
        return of(network, EnumSet.allOf(HookPoint.class), Set.of(), ids);
    }

    /** Runs a prompt and keeps some hooks in some layers; no layers stand for all. */
    static KeptActivations of(Network network, Set<HookPoint> hooks, Set<Integer> layers, long... ids) {
        KeptActivations kept = new KeptActivations(hooks, layers, ids.length);
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
        float[] numbers = hook == HookPoint.ATTENTION ? wholeRows(activation, tokens) : activation.toFloatArray();
        values.merge(hook + " " + layer, numbers, KeptActivations::joined);
    }

    private static float[] joined(float[] before, float[] next) {
        float[] all = Arrays.copyOf(before, before.length + next.length);
        System.arraycopy(next, 0, all, before.length, next.length);
        return all;
    }

    /** A part of attention [h, r, m] with what the mask hides of a prompt of n tokens: [h, r, n]. */
    static float[] wholeRows(NDArray part, int n) {
        float[] given = part.toFloatArray();
        int keys = (int) part.getShape().get(2);
        int rows = given.length / keys;
        float[] whole = new float[rows * n];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(given, row * keys, whole, row * n, keys);
        }
        return whole;
    }
}
