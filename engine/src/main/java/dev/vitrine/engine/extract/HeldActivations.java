package dev.vitrine.engine.extract;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import java.util.ArrayList;
import java.util.List;

/** A prompt's activations, held until it is the prompt's turn to be written. They are not copied: the pass's memory lives on. */
final class HeldActivations implements ActivationSink, AutoCloseable {
    private record Held(HookPoint hook, int layer, NDArray activation) {}

    private final ActivationSink later;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final List<Held> all = new ArrayList<>();

    /** Holds what the later sink wants. */
    HeldActivations(ActivationSink later) {
        this.later = later;
    }

    @Override
    public boolean wants(HookPoint hook, int layer) {
        return later.wants(hook, layer);
    }

    @Override
    public void accept(HookPoint hook, int layer, NDArray activation) {
        activation.attach(manager);
        all.add(new Held(hook, layer, activation));
    }

    /** Gives everything to the later sink. */
    void release() {
        for (Held held : all) {
            later.accept(held.hook(), held.layer(), held.activation());
            held.activation().close();
        }
        all.clear();
    }

    @Override
    public void close() {
        manager.close();
    }
}
