package dev.vitrine.engine.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import dev.vitrine.engine.model.architecture.Embedding;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.Mlp;
import dev.vitrine.engine.model.architecture.Norm;
import dev.vitrine.engine.model.architecture.Table;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of an architecture's weights, each of the shape that the architecture asks for, turned and prepared once when the model is
 * opened, but for the table of tokens, whose rows are read, and the head, which waits for the first that asks. They point into mapped
 * files: never change one in place, and never make one the first operand, because a result belongs to the manager of its first operand
 * and would stay until the model is closed.
 */
final class Weights {
    private final WeightSource source;
    private final NDManager manager;
    private final Map<String, NDArray> arrays = new ConcurrentHashMap<>();
    private final Map<Linear, NDArray> matrices = new ConcurrentHashMap<>();
    private final Map<Norm, NDArray[]> norms = new HashMap<>();
    private final Map<Table, NDArray> firstRows = new HashMap<>();

    Weights(Architecture architecture, Linear unembedding, WeightSource source, NDManager manager) {
        this.source = source;
        this.manager = manager;
        later(unembedding);
        Embedding embedding = architecture.embedding();
        Table words = embedding.tokens();
        check(words.name(), words.rows(), words.columns());
        prepare(embedding.inputProjection());
        if (embedding.positions() != null) {
            prepare(embedding.positions().table());
        }
        if (embedding.tokenTypes() != null) {
            prepare(embedding.tokenTypes());
            firstRows.put(embedding.tokenTypes(), table(embedding.tokenTypes()).get(new NDIndex(0)));
        }
        prepare(embedding.norm());
        prepare(embedding.projection());
        architecture.blocks().forEach(this::prepare);
        prepare(architecture.finalNorm());
        prepare(architecture.outputProjection());
        prepare(architecture.pooler());
        Head head = architecture.head();
        if (head != null) {
            if (head.transform() != null) {
                prepare(head.transform().dense());
                prepare(head.transform().norm());
            }
            later(head.unembedding());
        }
    }

    /** Rows of a table: [rows, columns], of the manager. */
    NDArray rows(Table table, long[] indices, NDManager to) {
        NDArray rows = to.create(new Shape(indices.length, table.columns()), DataType.FLOAT32, Device.cpu());
        source.rows(
                table.name(),
                indices,
                rows.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        return rows.toDevice(to.getDevice(), false);
    }

    /** [rows, columns]. */
    NDArray table(Table table) {
        return found(arrays.get(table.name()));
    }

    /** Row 0 of a table: [columns]. */
    NDArray firstRow(Table table) {
        return found(firstRows.get(table));
    }

    /** [outputs, inputs], whichever way round the file has it. */
    NDArray matrix(Linear linear) {
        return matrices.computeIfAbsent(linear, this::turned);
    }

    /** [outputs], or null. */
    @Nullable
    NDArray bias(Linear linear) {
        return linear.bias() == null ? null : found(arrays.get(linear.bias()));
    }

    /** The factor and, in a layer norm, the summand: [width] each. */
    NDArray[] norm(Norm norm) {
        NDArray[] parts = norms.get(norm);
        if (parts == null) {
            throw new IllegalStateException("a norm that is not of this architecture: " + norm);
        }
        return parts;
    }

    private static NDArray found(@Nullable NDArray array) {
        if (array == null) {
            throw new IllegalStateException("a weight that is not of this architecture");
        }
        return array;
    }

    private void prepare(Block block) {
        prepare(block.attentionNorm());
        prepare(block.mlpNorm());
        prepare(block.attentionOutNorm());
        prepare(block.mlpOutNorm());
        Attention attention = block.attention();
        attention.projections().forEach(this::prepare);
        prepare(attention.queryNorm());
        prepare(attention.keyNorm());
        prepare(attention.output());
        Mlp mlp = block.mlp();
        prepare(mlp.in());
        prepare(mlp.gate());
        prepare(mlp.out());
    }

    private void prepare(Table table) {
        array(table.name(), table.rows(), table.columns());
    }

    private void prepare(@Nullable Linear linear) {
        if (linear != null) {
            later(linear);
            matrix(linear);
        }
    }

    /** A matrix that most runs have no use for is an array, and widened where it must be, only once it is asked for. */
    private void later(Linear linear) {
        check(linear.weight(), stored(linear));
        if (linear.bias() != null) {
            array(linear.bias(), linear.outputs());
        }
    }

    private NDArray turned(Linear linear) {
        NDArray matrix = array(linear.weight(), stored(linear));
        return linear.inputFirst() ? matrix.transpose() : matrix;
    }

    private static long[] stored(Linear linear) {
        return linear.inputFirst()
                ? new long[] {linear.inputs(), linear.outputs()}
                : new long[] {linear.outputs(), linear.inputs()};
    }

    private void prepare(@Nullable Norm norm) {
        if (norm == null || norms.containsKey(norm)) {
            return;
        }
        NDArray weight =
                norm.weight() == null ? manager.ones(new Shape(norm.width())) : array(norm.weight(), norm.width());
        norms.put(
                norm,
                switch (norm.kind()) {
                    case LAYER ->
                        new NDArray[] {
                            weight,
                            norm.bias() == null
                                    ? manager.zeros(new Shape(norm.width()))
                                    : array(norm.bias(), norm.width())
                        };
                    case RMS -> new NDArray[] {weight};
                    case RMS_PLUS_ONE -> new NDArray[] {weight.add(1)};
                });
    }

    private NDArray array(String name, long... expected) {
        NDArray known = arrays.get(name);
        if (known != null && Arrays.equals(known.getShape().getShape(), expected)) {
            return known;
        }
        check(name, expected);
        NDArray array = source.array(name, manager);
        arrays.put(name, array);
        return array;
    }

    private void check(String name, long... expected) {
        long[] shape = source.shape(name);
        if (!Arrays.equals(shape, expected)) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "tensor '" + name + "' is of shape " + Arrays.toString(shape) + "; expected "
                            + Arrays.toString(expected) + " by config.json (" + source.place() + ")");
        }
        source.check(name);
    }
}
