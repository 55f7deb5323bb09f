package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The forward pass alone, of two prompts at a time, side by side as an extraction runs them. */
record BesideMode(TransformerModel model, int tokens, int prompts) implements Mode {
    private static final ActivationSink LAST = new ActivationSink() {
        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook == HookPoint.FINAL;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {}
    };

    @Override
    public void run() {
        List<CompletableFuture<Void>> passes = new ArrayList<>();
        for (int prompt = 0; prompt < prompts; prompt++) {
            passes.add(start(prompt, LAST));
        }
        passes.forEach(CompletableFuture::join);
    }

    @Override
    public float[] check() {
        PickedNumbers picked = new PickedNumbers(tokens);
        start(0, picked).join();
        return picked.numbers();
    }

    private CompletableFuture<Void> start(int prompt, ActivationSink sink) {
        return model.forwardBeside(List.of(new BatchedPrompt(BenchmarkModel.prompt(prompt, tokens), sink)));
    }
}
