package dev.vitrine.engine.model.architecture;

/**
 * How the frequencies of a rotary embedding are stretched so that a model reads longer texts than it was first trained on; the
 * {@code rope_type}s of transformers, in float32 as there ({@code modeling_rope_utils.py}).
 */
public sealed interface RopeScaling {
    /** Base of the frequencies for a prompt of n tokens. */
    default double theta(double theta, int dims, int n) {
        return theta;
    }

    /**
     * The frequencies in radians per token for a prompt of n tokens.
     *
     * @param powers theta^(2i/dims); overwritten
     */
    float[] frequencies(float[] powers, int n);

    /** The longest prompt, where config.json says {@code max_position_embeddings}. */
    default int positions(int positions) {
        return positions;
    }

    /** Factor on cosines and sines. */
    default double attentionFactor() {
        return 1;
    }

    /** {@code default}: as in the paper. */
    record None() implements RopeScaling {
        @Override
        public float[] frequencies(float[] powers, int n) {
            for (int i = 0; i < powers.length; i++) {
                powers[i] = 1 / powers[i];
            }
            return powers;
        }
    }

    /** {@code linear}: positions divided by a factor. */
    record Linear(double factor) implements RopeScaling {
        @Override
        public float[] frequencies(float[] powers, int n) {
            for (int i = 0; i < powers.length; i++) {
                powers[i] = 1 / powers[i] / (float) factor;
            }
            return powers;
        }
    }

    /**
     * {@code dynamic}: a larger base for prompts beyond the positions trained on.
     *
     * @param trained positions trained on
     */
    record Dynamic(double factor, int trained) implements RopeScaling {
        @Override
        public int positions(int positions) {
            return (int) Math.min(Integer.MAX_VALUE, factor * positions);
        }

        @Override
        public double theta(double theta, int dims, int n) {
            if (n <= trained) {
                return theta;
            }
            float stretch = (float) factor * n / trained - (float) (factor - 1);
            return (float) theta * (float) Math.pow(stretch, (double) dims / (dims - 2));
        }

        @Override
        public float[] frequencies(float[] powers, int n) {
            return new None().frequencies(powers, n);
        }
    }

    /**
     * {@code yarn} (Peng et al. 2023): low frequencies are divided by the factor, high ones stay, between them a ramp.
     *
     * @param low first index of the ramp
     * @param high last index of the ramp
     */
    record Yarn(double factor, double attentionFactor, double low, double high) implements RopeScaling {
        @Override
        public float[] frequencies(float[] powers, int n) {
            double end = low == high ? high + 0.001 : high;
            for (int i = 0; i < powers.length; i++) {
                float ramp = Math.min(1, Math.max(0, (i - (float) low) / (float) (end - low)));
                float keep = 1 - ramp;
                powers[i] = 1 / ((float) factor * powers[i]) * (1 - keep) + 1 / powers[i] * keep;
            }
            return powers;
        }
    }

    /**
     * {@code longrope} (Ding et al. 2024): a factor for each frequency, one set for prompts of up to {@code trained} tokens and one for
     * longer ones.
     */
    final class LongRope implements RopeScaling {
        private final double[] shortFactors;
        private final double[] longFactors;
        private final double attentionFactor;
        private final int trained;

        LongRope(double[] shortFactors, double[] longFactors, double attentionFactor, int trained) {
            this.shortFactors = shortFactors;
            this.longFactors = longFactors;
            this.attentionFactor = attentionFactor;
            this.trained = trained;
        }

        @Override
        public float[] frequencies(float[] powers, int n) {
            double[] factors = n > trained ? longFactors : shortFactors;
            for (int i = 0; i < powers.length; i++) {
                powers[i] = 1 / ((float) factors[i] * powers[i]);
            }
            return powers;
        }

        @Override
        public double attentionFactor() {
            return attentionFactor;
        }
    }

    /**
     * {@code llama3}: wavelengths above trained / lowFactor are divided by the factor, those below trained / highFactor stay, between
     * them a smooth step.
     */
    record Llama3(double factor, double lowFactor, double highFactor, int trained) implements RopeScaling {
        @Override
        public float[] frequencies(float[] powers, int n) {
            for (int i = 0; i < powers.length; i++) {
                float frequency = 1 / powers[i];
                // As torch divides a number by a tensor: by its reciprocal. The last bit shows after thousands of
                // tokens.
                float wavelength = 1 / frequency * (float) (2 * Math.PI);
                if (wavelength > (float) (trained / lowFactor)) {
                    frequency /= (float) factor;
                } else if (wavelength >= (float) (trained / highFactor)) {
                    float smooth = (1 / wavelength * trained - (float) lowFactor) / (float) (highFactor - lowFactor);
                    frequency = (1 - smooth) * frequency / (float) factor + smooth * frequency;
                }
                powers[i] = frequency;
            }
            return powers;
        }
    }
}
