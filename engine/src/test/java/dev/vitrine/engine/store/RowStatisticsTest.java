package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taken at once, a row's statistics are, bit for bit, those that are taken one by one. */
@Tag("vector")
class RowStatisticsTest {
    private final RowStatistics statistics = RowStatistics.create();

    /** The build runs this twice, and says which run is with vector instructions. */
    @Test
    void areTakenTheWayThatIsAskedFor() {
        assertThat(statistics.getClass().getSimpleName())
                .isEqualTo(Boolean.getBoolean("vitrine.vectorized") ? "VectorRowStatistics" : "PlainRowStatistics");
    }

    @Test
    void weightsOfAnyLength() {
        for (int length = 1; length < 80; length++) {
            check(weights(length), length);
        }
    }

    /** Numbers that are not in the order of their bits, or that are at the end of it, at every place. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00000000,
                0x80000000,
                0x00000001,
                0x80000001,
                0x7f7fffff,
                0xbf800000,
                0x7f800000,
                0xff800000,
                0x7fc00000,
                0xffc00000,
                0x7f800001,
                0xffffffff
            })
    void anyNumberAnywhere(int bits) {
        for (int length = 1; length < 28; length++) {
            for (int at = 0; at < length; at++) {
                float[] row = weights(length);
                row[at] = Float.intBitsToFloat(bits);
                check(row, length);
            }
        }
    }

    private void check(float[] row, int length) {
        statistics.take(row, length);
        for (Statistic statistic : Statistic.values()) {
            assertThat(Double.doubleToLongBits(statistics.get(statistic)))
                    .as("%s of %s, %s weights", statistic, Arrays.toString(row), length)
                    .isEqualTo(Double.doubleToLongBits(statistic.of(row, length)));
        }
    }

    /** From 1 to e⁻⁴⁰, so that another order of adding would show. What stands behind them must not count. */
    private static float[] weights(int length) {
        float[] row = new float[length + 3];
        for (int i = 0; i < length; i++) {
            row[i] = (float) Math.exp(-(i * 37 % 41));
        }
        Arrays.fill(row, length, row.length, length % 2 == 0 ? 1000 : -1000);
        return row;
    }
}
