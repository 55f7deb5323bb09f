package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/**
 * y = x·Wᵀ + b.
 *
 * @param weight the matrix in the file, [outputs, inputs], or [inputs, outputs] with {@code inputFirst}
 * @param bias the bias in the file, [outputs], or null where there is none
 * @param inputFirst whether the file has the matrix the other way round, as GPT-2's Conv1D does
 */
public record Linear(String weight, @Nullable String bias, int inputs, int outputs, boolean inputFirst) {
    /** With a bias, named as torch names them. */
    static Linear of(String name, int inputs, int outputs) {
        return of(name, inputs, outputs, true);
    }

    static Linear of(String name, int inputs, int outputs, boolean bias) {
        return new Linear(name + ".weight", bias ? name + ".bias" : null, inputs, outputs, false);
    }

    /** GPT-2's Conv1D. */
    static Linear inputFirst(String name, int inputs, int outputs) {
        return new Linear(name + ".weight", name + ".bias", inputs, outputs, true);
    }

    /** The matrix alone. */
    public Linear withoutBias() {
        return new Linear(weight, null, inputs, outputs, inputFirst);
    }
}
