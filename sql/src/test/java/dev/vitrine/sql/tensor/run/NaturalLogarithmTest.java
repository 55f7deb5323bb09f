package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalLogarithmTest {
    private static final double TOLERANCE = 4e-16;

    @Test
    void agreesWithMathOverAllMagnitudes() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            double x = switch (i % 3) {
                case 0 -> random.nextDouble();
                case 1 -> Math.exp(random.nextGaussian() * 100);
                default -> 1 + random.nextGaussian() * 1e-3;
            };
            double expected = Math.log(x);
            assertThat(Math.abs(NaturalLogarithm.of(x) - expected))
                    .as("ln %s", x)
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(expected)));
        }
    }

    @Test
    void isExactWhereItMust() {
        assertThat(NaturalLogarithm.of(1)).isZero();
        assertThat(NaturalLogarithm.of(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(NaturalLogarithm.of(-1)).isNaN();
        assertThat(NaturalLogarithm.of(Double.NaN)).isNaN();
        assertThat(NaturalLogarithm.of(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(NaturalLogarithm.of(Double.MIN_VALUE)).isEqualTo(Math.log(Double.MIN_VALUE));
    }
}
