package dev.vitrine.engine.model;

import dev.vitrine.engine.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Half-width floating point to float32, exactly: every value of either format is a float32. */
final class Widening {
    private Widening() {}

    /** Little-endian bfloat16 bits to a direct little-endian buffer of float32. */
    static ByteBuffer fromBfloat16(ByteBuffer bytes) {
        ShortBuffer bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        ByteBuffer widened = allocate(bits.remaining());
        FloatBuffer floats = widened.asFloatBuffer();
        while (bits.hasRemaining()) {
            floats.put(Float.intBitsToFloat(bits.get() << 16));
        }
        return widened;
    }

    /** Little-endian IEEE 754 binary16 bits to a direct little-endian buffer of float32. */
    static ByteBuffer fromFloat16(ByteBuffer bytes) {
        ShortBuffer bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        ByteBuffer widened = allocate(bits.remaining());
        FloatBuffer floats = widened.asFloatBuffer();
        while (bits.hasRemaining()) {
            floats.put(HalfPrecision.toFloat(bits.get()));
        }
        return widened;
    }

    private static ByteBuffer allocate(int values) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
