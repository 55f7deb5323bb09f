package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.model.HookPoint;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticTest {
    @TempDir
    private Path store;

    /** 1, −2, 3, −4, … of which the sum of n is −n/2, or (n + 1)/2 where n is odd. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 31, 64, 127})
    void aRowOfAnyLength(int n) {
        float[] row = new float[n + 3];
        Arrays.fill(row, 1000);
        for (int i = 0; i < n; i++) {
            row[i] = i % 2 == 0 ? i + 1 : -i - 1;
        }
        assertThat(Statistic.MIN.of(row, n)).isEqualTo(n == 1 ? 1 : -(n - n % 2));
        assertThat(Statistic.MAX.of(row, n)).isEqualTo(n - 1 + n % 2);
        assertThat(Statistic.SUM.of(row, n)).isEqualTo(n % 2 == 0 ? -n / 2 : (n + 1) / 2);
    }

    /** In float32 the ones would be lost. */
    @Test
    void sumsAreInDouble() {
        for (int n = 1; n < 40; n++) {
            float[] row = new float[n];
            Arrays.fill(row, 1);
            row[0] = 0x1p30f;
            assertThat(Statistic.SUM.of(row, n)).isEqualTo(0x1p30 + n - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNaNAnywhereIsNaN(Statistic statistic) {
        for (int at = 0; at < 11; at++) {
            float[] row = new float[11];
            row[at] = Float.NaN;
            assertThat(statistic.of(row, 11)).isNaN();
            double[] rows = new double[11];
            rows[at] = Double.NaN;
            assertThat(statistic.of(rows, 0, 11)).isNaN();
        }
    }

    @Test
    void infiniteWeights() {
        float[] row = {1, Float.NEGATIVE_INFINITY, 2};
        assertThat(Statistic.MIN.of(row, 3)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Statistic.MAX.of(row, 3)).isEqualTo(2);
        assertThat(Statistic.SUM.of(row, 3)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** A run that the first Vitrine wrote, of induction-toy: 2 prompts of 6 tokens, layer 1. */
    @Test
    void aRunFromBeforeStatisticsIsReadStill() throws IOException, URISyntaxException {
        Path old = Path.of(
                StatisticTest.class.getResource("/runs/before-statistics").toURI());
        Path run = Files.createDirectories(store.resolve("runs/before-statistics"));
        try (Stream<Path> files = Files.list(old)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName().toString()));
            }
        }
        assertThat(Store.check(store)).allMatch(check -> check.problems().equals(List.of()));
        try (Store opened = Store.open(store)) {
            AttentionRows rows = opened.run("before-statistics").attention();
            double[] known = new double[6];
            float[] row = new float[6];
            for (int head = 0; head < 4; head++) {
                rows.statistics(Statistic.MAX, 1, 1, head, 0, 6, known);
                for (int query = 0; query < 6; query++) {
                    int length = rows.row(1, 1, head, query, row);
                    double sum = 0;
                    for (int key = 0; key < length; key++) {
                        sum += row[key];
                    }
                    assertThat(sum).isCloseTo(1, within(1e-6));
                    assertThat(known[query]).isEqualTo(Statistic.MAX.of(row, length));
                }
                rows.statistics(Statistic.MIN, 1, 1, head, 0, 6, known);
                assertThat(known).containsOnly(Double.NaN);
                rows.statistics(Statistic.SUM, 1, 1, head, 0, 6, known);
                assertThat(known).containsOnly(Double.NaN);
                assertThat(rows.statistic(Statistic.MAX, 1, 1, head)).isNaN();
            }
            assertThat(opened.run("before-statistics").has(HookPoint.Q)).isFalse();
        }
    }

    @Test
    void derivedWeightsHaveNone() {
        RunPlan plan = SyntheticRun.plan("run", SyntheticRun.card("decoder", 1, 2, 1, 5, 3, 7));
        SyntheticRun.write(
                store,
                new RunPlan(
                        "run",
                        plan.model(),
                        plan.hooks(),
                        plan.layers(),
                        null,
                        AttentionForm.DERIVED,
                        FloatType.FLOAT32),
                4);
        try (Store opened = Store.open(store)) {
            double[] unknown = new double[4];
            opened.run("run").attention().statistics(Statistic.SUM, 0, 0, 1, 1, 4, unknown);
            assertThat(unknown).containsExactly(Double.NaN, Double.NaN, Double.NaN, 0);
        }
    }
}
