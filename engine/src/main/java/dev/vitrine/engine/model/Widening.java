package dev.vitrine.engine.model;

import dev.vitrine.engine.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Half-width floating point to float32, exactly: every value of either format is a float32. */
final class Widening {
    private Widening() {}

    /** Little-endian bfloat16 bits to as many float32. */
    static void fromBfloat16(ByteBuffer bytes, FloatBuffer into) {
        ShortBuffer bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        while (bits.hasRemaining()) {
            into.put(Float.intBitsToFloat(bits.get() << 16));
        }
    }

    /** Little-endian IEEE 754 binary16 bits to as many float32. */
    static void fromFloat16(ByteBuffer bytes, FloatBuffer into) {
        ShortBuffer bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        while (bits.hasRemaining()) {
            into.put(HalfPrecision.toFloat(bits.get()));
        }
    }
}
