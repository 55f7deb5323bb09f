package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;

/**
 * The forward pass alone.
 *
 * @param capture whether every activation is kept in memory until the prompt ends, or nothing is but the last hidden state
 */
record ForwardMode(TransformerModel model, int tokens, int prompts, boolean capture) implements Mode {
    @Override
    public void run() {
        for (int prompt = 0; prompt < prompts; prompt++) {
            try (NDManager kept = NDManager.newBaseManager()) {
                model.forward(BenchmarkModel.prompt(prompt, tokens), new Keep(capture, kept));
            }
        }
    }

    @Override
    public float[] check() {
        PickedNumbers picked = new PickedNumbers(tokens);
        model.forward(BenchmarkModel.prompt(0, tokens), picked);
        return picked.numbers();
    }

    /** A view that belongs to {@code manager} keeps an activation's memory, whatever becomes of the activation. */
    private record Keep(boolean all, NDManager manager) implements ActivationSink {
        @Override
        public boolean wants(HookPoint hook, int layer) {
            return all ? hook.perLayer() : hook == HookPoint.FINAL;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            activation.reshape(activation.getShape()).attach(manager);
        }
    }
}
