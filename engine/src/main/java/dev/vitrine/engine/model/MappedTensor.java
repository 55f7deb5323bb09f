package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * One tensor in a mapped file. F32 is used where it lies. F16 and BF16 are widened on first use: PyTorch's JNI kills the process when
 * it meets a BF16 array, so those bits must not leave this class.
 */
final class MappedTensor {
    /** As many float32 as one buffer of Java's can hold. */
    private static final int MOST_VALUES = Integer.MAX_VALUE / Float.BYTES;

    private static final int SAMPLED = 1 << 10;

    private final String name;
    private final String dtype;
    private final Shape stored;
    private final boolean transposed;
    private final @Nullable ByteBuffer bytes;
    private final Path file;
    private @Nullable ByteBuffer values;
    private @Nullable FloatBuffer turned;

    /**
     * @param dtype as safetensors spells it
     * @param stored the shape in the file
     * @param transposed whether the matrix is shown the other way round than it is stored
     * @param bytes the mapped values, little endian; null where they are too many for one map
     */
    MappedTensor(String name, String dtype, Shape stored, boolean transposed, @Nullable ByteBuffer bytes, Path file) {
        this.name = name;
        this.dtype = dtype;
        this.stored = stored;
        this.transposed = transposed;
        this.bytes = bytes;
        this.file = file;
    }

    Shape shape() {
        return transposed ? new Shape(stored.get(1), stored.get(0)) : stored;
    }

    /** Adds type, shape, and the first and the last KiB to a checksum. */
    void sample(Checksum checksum) {
        checksum.update((dtype + stored).getBytes(StandardCharsets.UTF_8));
        if (bytes != null) {
            int part = Math.min(SAMPLED, bytes.capacity());
            checksum.update(bytes.slice(0, part));
            checksum.update(bytes.slice(bytes.capacity() - part, part));
        }
    }

    NDArray array(NDManager manager) {
        NDArray array = manager.create(float32(), stored, DataType.FLOAT32);
        if (!transposed) {
            return array;
        }
        try (array) {
            return array.transpose();
        }
    }

    FloatBuffer floats() {
        FloatBuffer floats = float32().asFloatBuffer();
        return transposed ? turn(floats).duplicate() : floats;
    }

    private synchronized FloatBuffer turn(FloatBuffer floats) {
        if (turned == null) {
            int rows = (int) stored.get(0);
            int columns = (int) stored.get(1);
            FloatBuffer copy = ByteBuffer.allocateDirect(rows * columns * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    copy.put(column * rows + row, floats.get(row * columns + column));
                }
            }
            turned = copy;
        }
        return turned;
    }

    private synchronized ByteBuffer float32() {
        if (values == null) {
            values = switch (dtype) {
                case "F32" -> bytes();
                case "F16" -> Widening.fromFloat16(bytes());
                case "BF16" -> Widening.fromBfloat16(bytes());
                default ->
                    throw new VitrineException(
                            ErrorCode.UNSUPPORTED_MODEL,
                            "tensor '" + name + "' is of type " + dtype + "; expected F32, F16 or BF16 (" + file + ")");
            };
        }
        return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer bytes() {
        if (bytes == null || stored.size() > MOST_VALUES) {
            throw new VitrineException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "tensor '" + name + "' has " + stored.size() + " values; expected at most " + MOST_VALUES
                            + ", which is 2 GiB of float32 (" + file + ")");
        }
        return bytes;
    }
}
