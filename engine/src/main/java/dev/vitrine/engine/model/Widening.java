package dev.vitrine.engine.model;

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
            floats.put(float16(bits.get()));
        }
        return widened;
    }

    /** One binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
    static float float16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
    }

    private static ByteBuffer allocate(int values) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
