package dev.vitrine.engine.store;

import org.apache.arrow.vector.types.FloatingPointPrecision;

/** How a run's numbers are stored. Readers widen to float32 whatever is stored. */
public enum FloatType {
    /** IEEE 754 single precision: what the forward pass computed, bit for bit. */
    FLOAT32(Float.BYTES, FloatingPointPrecision.SINGLE),
    /** IEEE 754 half precision: 11 significant bits, so values are off by up to one part in 2048; above 65504 they are infinite. */
    FLOAT16(Short.BYTES, FloatingPointPrecision.HALF);

    private final int bytes;
    private final FloatingPointPrecision precision;

    FloatType(int bytes, FloatingPointPrecision precision) {
        this.bytes = bytes;
        this.precision = precision;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    FloatingPointPrecision precision() {
        return precision;
    }
}
