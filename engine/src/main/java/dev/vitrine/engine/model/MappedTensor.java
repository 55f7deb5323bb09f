package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * One tensor in a mapped file. F32 is used where it lies. F16 and BF16 are widened, whole on first use or rows each time: PyTorch's JNI
 * kills the process when it meets a BF16 array, so those bits must not leave this class.
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
    private final @Nullable WeightFile rows;
    private final long offset;
    private @Nullable ByteBuffer values;
    private @Nullable FloatBuffer turned;

    /**
     * @param dtype as safetensors spells it
     * @param stored the shape in the file
     * @param transposed whether the matrix is shown the other way round than it is stored
     * @param bytes the mapped values, little endian; null where they are too many for one map
     * @param rows the file, to read single rows and samples from; null where these are taken from the map
     * @param offset where in that file the values begin
     */
    MappedTensor(
            String name,
            String dtype,
            Shape stored,
            boolean transposed,
            @Nullable ByteBuffer bytes,
            Path file,
            @Nullable WeightFile rows,
            long offset) {
        this.name = name;
        this.dtype = dtype;
        this.stored = stored;
        this.transposed = transposed;
        this.bytes = bytes;
        this.file = file;
        this.rows = rows;
        this.offset = offset;
    }

    Shape shape() {
        return transposed ? new Shape(stored.get(1), stored.get(0)) : stored;
    }

    /** Adds type, shape, and the first and the last KiB to a checksum. */
    void sample(Checksum checksum) throws IOException {
        checksum.update((dtype + stored).getBytes(StandardCharsets.UTF_8));
        if (bytes != null) {
            int length = Math.min(SAMPLED, bytes.capacity());
            checksum.update(sample(bytes, 0, length));
            checksum.update(sample(bytes, bytes.capacity() - length, length));
        }
    }

    /** Read, and not touched in the map, around which the system would read megabytes from the disk. */
    private ByteBuffer sample(ByteBuffer mapped, int from, int length) throws IOException {
        if (rows == null) {
            return mapped.slice(from, length);
        }
        byte[] read = new byte[length];
        rows.read(offset + from, read);
        return ByteBuffer.wrap(read);
    }

    /** {@code UNSUPPORTED_MODEL} where the values are of a type that is not read, or too many. */
    void check() {
        bytesPerValue();
        bytes();
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

    /**
     * Some rows of a matrix, one after the other. They are read from the file: a touch of the map would make 64 KiB around each resident,
     * and so soon the whole of a table of which prompts need little.
     */
    void rows(long[] indices, FloatBuffer into) throws IOException {
        int columns = (int) shape().get(1);
        if (rows == null || transposed) {
            FloatBuffer all = floats();
            for (long index : indices) {
                into.put(all.slice((int) index * columns, columns));
            }
            return;
        }
        byte[] row = new byte[columns * bytesPerValue()];
        for (long index : indices) {
            rows.read(offset + index * row.length, row);
            widen(ByteBuffer.wrap(row), into);
        }
    }

    private synchronized ByteBuffer float32() {
        if (values == null) {
            int width = bytesPerValue();
            if (width == Float.BYTES) {
                values = bytes();
            } else {
                ByteBuffer widened = ByteBuffer.allocateDirect(
                                Math.multiplyExact(bytes().remaining() / width, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                widen(bytes(), widened.asFloatBuffer());
                values = widened;
            }
        }
        return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void widen(ByteBuffer from, FloatBuffer into) {
        switch (dtype) {
            case "F32" -> into.put(from.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            case "F16" -> Widening.fromFloat16(from, into);
            case "BF16" -> Widening.fromBfloat16(from, into);
            default -> throw unreadable();
        }
    }

    private int bytesPerValue() {
        return switch (dtype) {
            case "F32" -> Float.BYTES;
            case "F16", "BF16" -> Short.BYTES;
            default -> throw unreadable();
        };
    }

    private VitrineException unreadable() {
        return new VitrineException(
                ErrorCode.UNSUPPORTED_MODEL,
                "tensor '" + name + "' is of type " + dtype + "; expected F32, F16 or BF16 (" + file + ")");
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
