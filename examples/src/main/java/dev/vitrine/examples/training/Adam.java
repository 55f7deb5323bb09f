package dev.vitrine.examples.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Adam (Kingma and Ba 2015, algorithm 1) with β₁ = 0.9, β₂ = 0.98, ε = 1e-9. Works in place and outside the gradient graph. */
final class Adam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.98;
    private static final double EPSILON = 1e-9;

    /** One weight with the running means of its gradient and of the gradient's square. */
    private record Moments(NDArray weight, NDArray mean, NDArray square) {}

    private final List<Moments> moments = new ArrayList<>();
    private int steps;

    /** The moments live as long as {@code manager}. */
    Adam(Collection<NDArray> weights, NDManager manager) {
        for (NDArray weight : weights) {
            moments.add(new Moments(weight, manager.zeros(weight.getShape()), manager.zeros(weight.getShape())));
        }
    }

    /** One step down the gradients, which come in the order of the weights and belong to the caller. */
    void step(List<NDArray> gradients, double rate) {
        steps++;
        double meanScale = 1 / (1 - Math.pow(BETA1, steps));
        double squareScale = 1 / (1 - Math.pow(BETA2, steps));
        for (int i = 0; i < moments.size(); i++) {
            Moments m = moments.get(i);
            NDArray gradient = gradients.get(i);
            m.mean.muli(BETA1).addi(gradient.mul(1 - BETA1));
            m.square.muli(BETA2).addi(gradient.mul(gradient).muli(1 - BETA2));
            try (NDArray root = m.square.sqrt();
                    NDArray change =
                            m.mean.div(root.muli(Math.sqrt(squareScale)).addi(EPSILON))) {
                m.weight.subi(change.muli(rate * meanScale));
            }
        }
    }
}
