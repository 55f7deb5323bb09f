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
 * An activation on its way to the disk: rows of numbers, of one unit and in file order. It shares the forward pass's memory, without a
 * copy, and keeps it alive until closed, whatever the forward pass closes meanwhile.
 */
final class Activation implements AutoCloseable {
    /** A direct buffer ends at 2 GiB; larger activations are taken head by head. */
    private static final long WHOLE = 1L << 30;

    private final int rows;
    private final int rowBytes;
    private final List<NDArray> arrays = new ArrayList<>();
    private final List<ByteBuffer> parts = new ArrayList<>();

    private Activation(long rows, long rowBytes) {
        this.rows = Math.toIntExact(rows);
        this.rowBytes = Math.toIntExact(rowBytes);
    }

    /**
     * Takes over [rows, numbers] or [heads, rows, numbers], without gaps, as they are now. The manager must outlive the activation. The
     * memory must be the engine's own, as that of every computed array is: an array laid over a Java buffer does not keep that buffer
     * alive for others.
     *
     * @param heads of the first axis, or 1
     */
    static Activation of(NDArray activation, int heads, FloatType type, NDManager manager) {
        Shape shape = activation.getShape();
        long width = shape.get(shape.dimension() - 1);
        Activation taken = new Activation(activation.size() / width, width * type.bytes());
        if (isWhole(activation.size(), heads)) {
            taken.add(activation, type, manager);
        } else {
            for (int head = 0; head < heads; head++) {
                taken.add(activation.get(head), type, manager);
            }
            activation.close();
        }
        return taken;
    }

    /** Whether the heads of an activation of so many numbers in all lie together, in one buffer. */
    static boolean isWhole(long numbers, int heads) {
        return numbers * Float.BYTES <= WHOLE || heads == 1;
    }

    /** The buffer must be asked for only once the array belongs to the lasting manager. */
    private void add(NDArray given, FloatType type, NDManager manager) {
        given.attach(manager);
        NDArray array = given;
        if (type == FloatType.FLOAT16) {
            array = given.toType(DataType.FLOAT16, false);
            given.close();
        }
        arrays.add(array);
        parts.add(array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** How many rows it has. */
    int rows() {
        return rows;
    }

    /** What a row takes, in bytes. */
    int rowBytes() {
        return rowBytes;
    }

    /** The bytes of a row, or of some rows from {@code row} on where they lie together. */
    ByteBuffer rows(int row, int count) {
        int perPart = rows / parts.size();
        return parts.get(row / perPart)
                .slice(row % perPart * rowBytes, count * rowBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        arrays.forEach(NDArray::close);
    }
}
