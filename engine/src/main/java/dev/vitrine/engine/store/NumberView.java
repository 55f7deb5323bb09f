package dev.vitrine.engine.store;

import dev.vitrine.engine.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Little-endian numbers in a buffer, read as float32. Thread-safe as long as the buffer's contents stand. */
abstract class NumberView {
    /** The numbers between the buffer's position and limit. */
    static NumberView of(ByteBuffer bytes, FloatType type) {
        ByteBuffer little = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case FLOAT32 -> new Singles(little.asFloatBuffer());
            case FLOAT16 -> new Halves(little.asShortBuffer());
        };
    }

    /** Copies {@code length} numbers from {@code index} on. */
    abstract void get(int index, float[] into, int at, int length);

    abstract float get(int index);

    /**
     * Gathers {@code length} numbers: the one at {@code index}, the one {@code step} after it, the one {@code step + growth} after that,
     * and so on.
     */
    abstract void line(int index, int step, int growth, float[] into, int at, int length);

    private static final class Singles extends NumberView {
        private final FloatBuffer floats;

        Singles(FloatBuffer floats) {
            this.floats = floats;
        }

        @Override
        void get(int index, float[] into, int at, int length) {
            floats.get(index, into, at, length);
        }

        @Override
        float get(int index) {
            return floats.get(index);
        }

        @Override
        void line(int index, int step, int growth, float[] into, int at, int length) {
            int from = index;
            int stride = step;
            for (int i = at; i < at + length; i++) {
                into[i] = floats.get(from);
                from += stride;
                stride += growth;
            }
        }
    }

    private static final class Halves extends NumberView {
        private final ShortBuffer halves;

        Halves(ShortBuffer halves) {
            this.halves = halves;
        }

        @Override
        void get(int index, float[] into, int at, int length) {
            for (int i = 0; i < length; i++) {
                into[at + i] = HalfPrecision.toFloat(halves.get(index + i));
            }
        }

        @Override
        float get(int index) {
            return HalfPrecision.toFloat(halves.get(index));
        }

        @Override
        void line(int index, int step, int growth, float[] into, int at, int length) {
            int from = index;
            int stride = step;
            for (int i = at; i < at + length; i++) {
                into[i] = HalfPrecision.toFloat(halves.get(from));
                from += stride;
                stride += growth;
            }
        }
    }
}
