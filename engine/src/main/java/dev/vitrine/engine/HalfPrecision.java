package dev.vitrine.engine;

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
public final class HalfPrecision {
    private HalfPrecision() {}

    /** The float32 of the same value; every binary16 has one. */
    public static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        // The exponent's bias grows from 15 to 127 by a product, which also normalises the subnormal.
        float magnitude = Float.intBitsToFloat((bits & 0x7fff) << 13) * 0x1p112f;
        int widened = Float.floatToRawIntBits(magnitude) | sign;
        return Float.intBitsToFloat(magnitude >= 0x1p16f ? widened | 0x7f800000 : widened);
    }
}
