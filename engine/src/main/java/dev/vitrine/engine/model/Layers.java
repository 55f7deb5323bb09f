package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.vitrine.engine.model.architecture.Activation;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Embedding;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.Norm;
import dev.vitrine.engine.model.architecture.Table;
import org.jspecify.annotations.Nullable;

/** The layers outside the blocks, and what all layers are made of. Results belong to the manager of the array given. */
final class Layers {
    private final Architecture architecture;
    private final Weights weights;
    private final @Nullable OneDnn oneDnn;

    /** @param oneDnn null where matrices are not on the processor, or torch has none */
    Layers(Architecture architecture, Weights weights, @Nullable OneDnn oneDnn) {
        this.architecture = architecture;
        this.weights = weights;
        this.oneDnn = oneDnn;
    }

    /** Token ids of all prompts to the first residual stream [N, d_model], on the manager. */
    NDArray embed(PackedPrompts prompts, NDManager manager) {
        Embedding embedding = architecture.embedding();
        NDArray x = weights.rows(embedding.tokens(), prompts.ids(), manager);
        if (embedding.scale() != 1) {
            x.muli((float) embedding.scale());
        }
        if (embedding.inputProjection() != null) {
            x = linear(embedding.inputProjection(), x);
        }
        Embedding.Positions positions = embedding.positions();
        if (positions != null) {
            x.addi(rows(positions.table(), prompts.positions(positions), manager));
        }
        if (embedding.tokenTypes() != null) {
            x.addi(weights.firstRow(embedding.tokenTypes()));
        }
        if (embedding.norm() != null) {
            x = norm(embedding.norm(), x);
        }
        return embedding.projection() == null ? x : linear(embedding.projection(), x);
    }

    /** The residual stream after the last block to what a head reads. */
    NDArray lastHiddenState(NDArray stream) {
        NDArray normed = architecture.finalNorm() == null ? stream : norm(architecture.finalNorm(), stream);
        return architecture.outputProjection() == null ? normed : linear(architecture.outputProjection(), normed);
    }

    /** Last hidden states [N, d_model] to logits [N, vocab_size]. */
    NDArray logits(Head head, NDArray last) {
        NDArray x = last;
        Head.Transform transform = head.transform();
        if (transform != null) {
            x = norm(transform.norm(), transform.activation().apply(linear(transform.dense(), x)));
        }
        return softcap(head.softcap(), linear(head.unembedding(), x));
    }

    /** Last hidden states of prompts of n tokens, [p · n, d_model], to what is pooled of each, one after the other: [p · d_model]. */
    NDArray pooled(Linear pooler, NDArray last, int n) {
        NDArray first = last.reshape(-1, n, pooler.inputs()).get(new NDIndex(":, 0")); // [p, d_model]
        return linear(pooler, first).tanh().flatten();
    }

    NDArray linear(Linear linear, NDArray x) {
        NDArray matrix = weights.matrix(linear);
        NDArray bias = weights.bias(linear);
        if (oneDnn != null && bias != null && linear.inputFirst()) {
            return oneDnn.linear(x, matrix, bias);
        }
        return x.getNDArrayInternal().linear(x, matrix, bias).singletonOrThrow();
    }

    /** The activation of what the matrix gives. */
    NDArray activated(Activation activation, Linear linear, NDArray x) {
        NDArray bias = weights.bias(linear);
        if (oneDnn != null && bias != null && linear.inputFirst() && activation == Activation.GELU_TANH) {
            return oneDnn.geluTanh(x, weights.matrix(linear), bias);
        }
        return activation.apply(linear(linear, x));
    }

    NDArray norm(Norm norm, NDArray x) {
        NDArray[] parts = weights.norm(norm);
        if (norm.kind() == Norm.Kind.LAYER) {
            return x.getNDArrayInternal()
                    .layerNorm(x, new Shape(norm.width()), parts[0], parts[1], (float) norm.epsilon())
                    .singletonOrThrow();
        }
        int[] lastAxis = {x.getShape().dimension() - 1};
        NDArray squares = x.square();
        NDArray size = squares.mean(lastAxis, true).addi((float) norm.epsilon()).sqrt();
        squares.close();
        return x.div(size).muli(parts[0]);
    }

    /** cap · tanh(x / cap), in place of x; x itself where there is no cap. */
    static NDArray softcap(double cap, NDArray x) {
        return cap == 0 ? x : Activation.TANH.apply(x.divi((float) cap)).muli((float) cap);
    }

    private NDArray rows(Table table, long[] indices, NDManager manager) {
        NDArray at = manager.create(indices);
        return at.getNDArrayInternal()
                .embedding(at, weights.table(table), SparseFormat.DENSE)
                .singletonOrThrow();
    }
}
