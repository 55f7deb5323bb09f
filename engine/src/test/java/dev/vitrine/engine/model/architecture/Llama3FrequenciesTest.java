package dev.vitrine.engine.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The frequencies of llama3 are those of transformers 5.23 to the last bit, which is worth 1e-4 radians after thousands of tokens;
 * the powers are torch's of base 10000 and 500000 over 16 components.
 */
class Llama3FrequenciesTest {
    @Test
    void frequenciesOnBothSidesOfTheStepAreTheReference() {
        float[] powers = new float[] {
            0x1.000000p+0f,
            0x1.94c584p+1f,
            0x1.400000p+3f,
            0x1.f9f6e4p+4f,
            0x1.900000p+6f,
            0x1.3c3a4ep+8f,
            0x1.f40000p+9f,
            0x1.8b48e2p+11f
        };
        assertThat(new RopeScaling.Llama3(8, 1, 4, 50).frequencies(powers, 1)).containsExactly(new float[] {
            0x1.000000p+0f,
            0x1.6f6758p-3f,
            0x1.99999ap-7f,
            0x1.030dc6p-8f,
            0x1.47ae14p-10f,
            0x1.9e7c70p-12f,
            0x1.0624dep-13f,
            0x1.4b96c0p-15f
        });
    }

    @Test
    void frequenciesOfLlama32AreTheReference() {
        float[] powers = new float[] {
            0x1.000000p+0f,
            0x1.4a0740p+2f,
            0x1.a976b4p+4f,
            0x1.123f88p+7f,
            0x1.618dacp+9f,
            0x1.c7caa2p+11f,
            0x1.25cc10p+14f,
            0x1.7ac160p+16f
        };
        assertThat(new RopeScaling.Llama3(32, 1, 4, 8192).frequencies(powers, 1))
                .containsExactly(new float[] {
                    0x1.000000p+0f,
                    0x1.8d2760p-3f,
                    0x1.341190p-5f,
                    0x1.ddee9ep-8f,
                    0x1.c26c40p-12f,
                    0x1.1f91f0p-17f,
                    0x1.be2188p-20f,
                    0x1.5a0f4ep-22f
                });
    }
}
