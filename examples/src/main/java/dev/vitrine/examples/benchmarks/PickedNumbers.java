package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import java.util.List;

/** Takes the numbers of {@link Pick} out of a forward pass. */
final class PickedNumbers implements ActivationSink {
    private final List<Pick> picks;
    private final float[] numbers;
    /** Of each pick's activation, the heads that came before: attention comes in parts. */
    private final int[] heads;

    PickedNumbers(int tokens) {
        picks = Pick.of(tokens);
        numbers = new float[picks.size()];
        heads = new int[picks.size()];
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
        for (int i = 0; i < numbers.length; i++) {
            if (picks.get(i).hook() == hook && picks.get(i).layer() == layer) {
                int next = heads[i] + (int) activation.getShape().get(0);
                int head = picks.get(i).head();
                if (head < 0 || (head >= heads[i] && head < next)) {
                    numbers[i] = picks.get(i).from(activation, heads[i]);
                }
                heads[i] = next;
            }
        }
    }
}
