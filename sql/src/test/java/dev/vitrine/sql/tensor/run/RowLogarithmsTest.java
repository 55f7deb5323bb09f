package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RowLogarithmsTest {
    /** The JDK's logarithm, which is within one unit in the last place, is the oracle. */
    @Test
    void everyLengthIsWithinAHairOfTheJdk() {
        Random random = new Random(5);
        RowLogarithms logarithms = new RowLogarithms();
        for (int n = 0; n < 600; n += 1 + n / 7) {
            float[] x = new float[n];
            for (int i = 0; i < n; i++) {
                x[i] = i % 3 == 0
                        ? 1 + (random.nextFloat() - 0.5f) / 100
                        : (float) Math.exp(80 * random.nextDouble() - 70);
            }
            double[] into = new double[n];
            logarithms.of(x, n, into);
            for (int i = 0; i < n; i++) {
                double exact = Math.log(x[i]);
                assertThat(Math.abs(into[i] - exact)).isLessThanOrEqualTo(5e-16 * Math.max(1, Math.abs(exact)));
            }
        }
    }

    @Test
    void oddNumbersAreAsInTheJdk() {
        float[] x = {
            0,
            -0f,
            -1,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE,
            1
        };
        double[] into = new double[x.length];
        new RowLogarithms().of(x, x.length, into);
        for (int i = 0; i < x.length; i++) {
            double exact = Math.log(x[i]);
            if (Double.isFinite(exact)) {
                assertThat(Math.abs(into[i] - exact)).isLessThanOrEqualTo(5e-16 * Math.abs(exact));
            } else {
                assertThat(into[i]).isEqualTo((Double) exact);
            }
        }
    }
}
