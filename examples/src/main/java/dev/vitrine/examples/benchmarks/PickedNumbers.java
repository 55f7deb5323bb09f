package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import java.util.List;

/** Takes the numbers of {@link Pick} out of a forward pass. */
final class PickedNumbers implements ActivationSink {
    private final int tokens;
    private final List<Pick> picks;
    private final float[] numbers;
    /** Of each pick's activation, the rows that came before: attention comes in parts. */
    private final int[] rows;

    PickedNumbers(int tokens) {
        this.tokens = tokens;
        picks = Pick.of(tokens);
        numbers = new float[picks.size()];
        rows = new int[picks.size()];
    }

    float[] numbers() {
        return numbers;
    }

    @Override
    public boolean wants(HookPoint hook, int layer) {
        return picks.stream().anyMatch(pick -> pick.hook() == hook && pick.layer() == layer);
    }

    @Override
    public void accept(HookPoint hook, int layer, NDArray activation) {
        Shape shape = activation.getShape();
        int width = (int) shape.get(shape.dimension() - 1);
        for (int i = 0; i < numbers.length; i++) {
            Pick pick = picks.get(i);
            if (pick.hook() == hook && pick.layer() == layer) {
                int row = pick.rowOf(tokens) - rows[i];
                rows[i] += (int) (activation.size() / width);
                if (row >= 0 && pick.rowOf(tokens) < rows[i]) {
                    try (NDArray matrix = activation.reshape(-1, width)) {
                        numbers[i] = matrix.getFloat(row, pick.column());
                    }
                }
            }
        }
    }
}
