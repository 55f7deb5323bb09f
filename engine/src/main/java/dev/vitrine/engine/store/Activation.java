package dev.vitrine.engine.store;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An activation on its way to the disk. It shares the forward pass's memory, without a copy, and keeps it alive until closed, whatever
 * the forward pass closes meanwhile.
 */
final class Activation implements AutoCloseable {
    /** A direct buffer ends at 2 GiB; larger activations are taken head by head. */
    private static final long WHOLE = 1L << 30;

    private final int heads;
    private final List<NDArray> arrays = new ArrayList<>();
    private final List<ByteBuffer> parts = new ArrayList<>();

    private Activation(int heads) {
        this.heads = heads;
    }

    /**
     * Takes [heads, …] numbers as they are now. The manager must outlive the activation. The memory must be the engine's own, as that
     * of every computed array is: an array laid over a Java buffer does not keep that buffer alive for others.
     */
    static Activation of(NDArray activation, int heads, FloatType type, NDManager manager) {
        Activation taken = new Activation(heads);
        if (isWhole(activation.size(), heads)) {
            taken.add(activation.reshape(new Shape(activation.size())), type, manager);
        } else {
            for (int head = 0; head < heads; head++) {
                try (NDArray one = activation.get(head)) {
                    taken.add(one.reshape(new Shape(one.size())), type, manager);
                }
            }
        }
        return taken;
    }

    /** Whether the heads of an activation of so many numbers in all lie together, in one buffer. */
    static boolean isWhole(long numbers, int heads) {
        return numbers * Float.BYTES <= WHOLE || heads == 1;
    }

    /** The view's buffer must be asked for only once the view belongs to the lasting manager: a strided view is copied there. */
    private void add(NDArray view, FloatType type, NDManager manager) {
        view.attach(manager);
        NDArray array = view;
        if (type == FloatType.FLOAT16) {
            array = view.toType(DataType.FLOAT16, false);
            view.close();
        }
        arrays.add(array);
        parts.add(array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** How many heads it has. */
    int heads() {
        return heads;
    }

    /** The bytes of a head, or of some heads from {@code head} on where they lie together. */
    ByteBuffer heads(int head, int count) {
        int perPart = heads / parts.size();
        ByteBuffer part = parts.get(head / perPart);
        int bytes = part.capacity() / perPart;
        return part.slice(head % perPart * bytes, count * bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes it keeps alive. */
    long bytes() {
        return parts.stream().mapToLong(ByteBuffer::capacity).sum();
    }

    @Override
    public void close() {
        arrays.forEach(NDArray::close);
    }
}
