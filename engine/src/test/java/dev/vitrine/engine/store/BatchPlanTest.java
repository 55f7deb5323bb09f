package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.model.HookPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a long prompt's attention by 12 heads is cut into record batches, by hand. */
class BatchPlanTest {
    private static final int HEADS = 12;

    private static TensorTable attention(int layers) {
        List<TensorTable.Unit> units = IntStream.range(0, layers)
                .mapToObj(layer -> new TensorTable.Unit(HookPoint.ATTENTION, layer))
                .toList();
        return new TensorTable(TableLayout.ATTENTION, units, HEADS, 0, true, FloatType.FLOAT32, true);
    }

    private static List<List<Segment>> batches(int layers, int n) {
        return BatchPlan.ofPrompt(attention(layers), 7, n).stream()
                .map(BatchPlan::segments)
                .toList();
    }

    private static Segment layer(int n, int layer) {
        return new Segment(7, n, layer, layer + 1, 0, HEADS);
    }

    private static List<Segment> heads(int n, int layer, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(head -> new Segment(7, n, layer, layer + 1, head, head + 1))
                .toList();
    }

    /** 396,288 bytes a layer: the eleventh passes 4 MiB. */
    @Test
    void layersShareABatchUntilItIsLargeEnough() {
        int n = 128;
        List<Segment> first = new ArrayList<>();
        for (int layer = 0; layer < 11; layer++) {
            first.add(layer(n, layer));
        }
        assertThat(batches(12, n)).containsExactly(first, List.of(layer(n, 11)));
    }

    /** 25 MB. */
    @Test
    void aLargeLayerHasABatchOfItsOwn() {
        int n = 1024;
        assertThat(batches(2, n)).containsExactly(List.of(layer(n, 0)), List.of(layer(n, 1)));
    }

    /** The square of 1.2 GB comes head by head; 600 MB of it are kept, in one batch. */
    @Test
    void headsThatComeAloneShareABatch() {
        int n = 5_000;
        assertThat(batches(2, n)).containsExactly(heads(n, 0, 0, HEADS), heads(n, 1, 0, HEADS));
    }

    /** 200 MB a head: four of them are less than 768 MiB. */
    @Test
    void aLayerThatIsTooLargeIsCutBetweenHeads() {
        int n = 10_000;
        assertThat(batches(2, n))
                .containsExactly(
                        heads(n, 0, 0, 4),
                        heads(n, 0, 4, 8),
                        heads(n, 0, 8, 12),
                        heads(n, 1, 0, 4),
                        heads(n, 1, 4, 8),
                        heads(n, 1, 8, 12));
    }

    /** Wherever the first begins, and not more than a block behind where it would end without. */
    @Test
    void theLastEndsWhereAnotherWriterMayBegin() {
        for (int n : new int[] {128, 129, 1024}) {
            for (long start : new long[] {576, 4096, 1_000_000_000_000L}) {
                long position = start;
                long numbers = 0;
                List<BatchPlan> plans = BatchPlan.ofPrompt(attention(12), 0, n);
                for (BatchPlan plan : plans) {
                    position = plan.end(position);
                    for (Segment segment : plan.segments()) {
                        numbers += segment.numbers(attention(12));
                    }
                }
                // Five index columns or offsets, two statistics of four bytes and one of eight; and a header for every
                // batch.
                long rows = 12L * HEADS * n;
                long bytes = numbers * 4 + rows * (5 * 4 + 2 * 4 + 8);
                assertThat(position % 4096).isZero();
                assertThat(position - start).isBetween(bytes, bytes + 4096 + 1500L * plans.size());
            }
        }
    }
}
