package dev.vitrine.examples.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.vitrine.examples.gpt2.Gpt2Folder;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One model on its way: seed and steps decide everything, so the same call gives the same weights on the same machine. */
final class Training implements AutoCloseable {
    private static final int BATCH = 32;
    private static final double RATE = 3e-3;
    private static final int WARM_UP = 50;
    private static final double COOL_DOWN = 0.3;

    private final NDManager manager = NDManager.newBaseManager();
    private final ToyGpt2 model;
    private final Adam adam;
    private final RepeatedSequences sequences;
    private final int steps;
    private int step;

    Training(Gpt2Shape shape, int steps, long seed) {
        this.steps = steps;
        model = new ToyGpt2(shape, manager, seed);
        adam = new Adam(model.weights().values(), manager);
        sequences = new RepeatedSequences(
                Gpt2Folder.FIRST_WORD, shape.vocabulary(), trainedPeriods(shape.positions()), seed + 1);
    }

    /** Even numbers from 8 up to half a sequence: odd periods and shorter ones are held out. */
    private static int[] trainedPeriods(int positions) {
        return IntStream.rangeClosed(8, positions / 2)
                .filter(period -> period % 2 == 0)
                .toArray();
    }

    ToyGpt2 model() {
        return model;
    }

    /** One batch, forward, backward and a step of Adam; returns the loss in nats per token before the step. */
    float step() {
        step++;
        try (NDManager scope = manager.newSubManager()) {
            Batch batch = Batch.of(sequences, BATCH, model.shape(), scope);
            Map<String, NDArray> leaves = leaves(model, scope);
            float value;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = loss(model, batch, leaves);
                collector.backward(loss);
                value = loss.getFloat();
            }
            List<NDArray> gradients =
                    leaves.values().stream().map(NDArray::getGradient).toList();
            adam.step(gradients, rate());
            return value;
        }
    }

    /** Up in a line, level, and down in a line to almost nothing. */
    private double rate() {
        double up = (double) step / WARM_UP;
        double down = (steps - step + 1) / (COOL_DOWN * steps);
        return RATE * Math.min(1, Math.min(up, down));
    }

    /** Copies of the weights to take gradients of; fresh ones each step, since gradients of one leaf add up. */
    static Map<String, NDArray> leaves(ToyGpt2 model, NDManager scope) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        model.weights().forEach((name, weight) -> {
            NDArray leaf = weight.duplicate();
            leaf.attach(scope);
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        return leaves;
    }

    /** Mean cross-entropy of the tokens that can be known, a 0-d array. */
    static NDArray loss(ToyGpt2 model, Batch batch, Map<String, NDArray> weights) {
        NDArray logits = model.logits(batch.tokens(), weights);
        return logits.logSoftmax(2).mul(batch.targets()).sum();
    }

    @Override
    public void close() {
        model.close();
        manager.close();
    }
}
