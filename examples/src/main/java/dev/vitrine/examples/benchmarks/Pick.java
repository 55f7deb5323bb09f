package dev.vitrine.examples.benchmarks;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.Run;
import java.util.List;

/**
 * One number out of a prompt's activations, to see that two programs computed and kept the same.
 *
 * @param head −1 where the hook has none
 * @param row position, of the query in attention
 * @param column component, or position of the key in attention
 */
record Pick(HookPoint hook, int layer, int head, int row, int column) {

    /** The numbers compared, for a prompt of {@code tokens} tokens; the Python side picks the same ones. */
    static List<Pick> of(int tokens) {
        return List.of(
                new Pick(HookPoint.Q, 7, 2, tokens / 2, 5),
                new Pick(HookPoint.ATTENTION, 5, 3, tokens - 1, tokens / 2),
                new Pick(HookPoint.RESID_MID, 3, -1, tokens - 1, 7),
                new Pick(HookPoint.MLP_ACT, 11, -1, tokens - 1, 100),
                new Pick(HookPoint.RESID_POST, 11, -1, tokens - 1, 0));
    }

    /** The row of the activation of a prompt of so many tokens, counted through all heads. */
    int rowOf(int tokens) {
        return Math.max(0, head) * tokens + row;
    }

    /** From the first prompt of a run. */
    float from(Run run) {
        float[] numbers = new float[Math.max(run.maxTokens(), run.model().dMlp())];
        switch (hook) {
            case Q -> run.queries().vector(0, layer, head, row, numbers);
            case ATTENTION -> run.attention().row(0, layer, head, row, numbers);
            case MLP_ACT -> run.neurons().vector(0, layer, 0, row, numbers);
            default -> run.hidden(hook).vector(0, layer, 0, row, numbers);
        }
        return numbers[column];
    }
}
