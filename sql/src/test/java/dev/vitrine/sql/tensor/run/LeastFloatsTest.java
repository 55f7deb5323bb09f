package dev.vitrine.sql.tensor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A float compared with a double, and with the least float that stands for it. */
class LeastFloatsTest {
    private static final double[] ODD = {
        0,
        -0.0,
        1,
        0.01,
        -0.01,
        1e300,
        -1e300,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Math.nextUp((double) Float.MAX_VALUE),
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Float.MIN_VALUE / 2.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    @Test
    void comparisonsAreTheSame() {
        for (double bound : ODD) {
            compare(bound);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            compare(any);
            compare(random.nextGaussian());
            compare((float) any);
        }
    }

    private static void compare(double bound) {
        float near = (float) bound;
        float[] around = {
            near,
            Math.nextUp(near),
            Math.nextDown(near),
            0,
            -0f,
            1,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        };
        for (float w : around) {
            assertThat(w >= Scalars.leastAbove(bound)).as("%s > %s", w, bound).isEqualTo(w > bound);
            assertThat(w >= Scalars.leastFrom(bound)).as("%s >= %s", w, bound).isEqualTo(w >= bound);
        }
    }
}
