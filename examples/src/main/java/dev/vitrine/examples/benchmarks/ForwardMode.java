package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import java.util.List;

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
        List<Pick> picks = Pick.of(tokens);
        float[] numbers = new float[picks.size()];
        model.forward(BenchmarkModel.prompt(0, tokens), new ActivationSink() {
            @Override
            public boolean wants(HookPoint hook, int layer) {
                return picks.stream().anyMatch(pick -> pick.hook() == hook && pick.layer() == layer);
            }

            @Override
            public void accept(HookPoint hook, int layer, NDArray activation) {
                for (int i = 0; i < numbers.length; i++) {
                    if (picks.get(i).hook() == hook && picks.get(i).layer() == layer) {
                        numbers[i] = picks.get(i).from(activation);
                    }
                }
            }
        });
        return numbers;
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
