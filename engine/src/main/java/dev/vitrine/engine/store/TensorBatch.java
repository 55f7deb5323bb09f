package dev.vitrine.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record batch of a tensor file: at first the index columns, which follow from the segments, then the numbers of one segment
 * after the other, from where they lie, and in the end what is known of attention's rows.
 */
final class TensorBatch {
    private final BatchFile file;
    private final TensorTable table;
    private final BatchPlan plan;
    private final @Nullable BatchStatistics statistics;
    /** What a tile has of the indices or offsets that are being written. */
    private final int[] column;

    private final float[] row;

    /**
     * Begins a batch in a file.
     *
     * @param statistics for attention, and for no other table
     */
    TensorBatch(BatchFile file, TensorTable table, BatchPlan plan, @Nullable AttentionStatistics statistics)
            throws IOException {
        this.file = file;
        this.table = table;
        this.plan = plan;
        this.statistics = statistics == null ? null : statistics.begin(Math.toIntExact(plan.rows()));
        int n = plan.segments().stream().mapToInt(Segment::n).max().orElseThrow();
        this.column = new int[n];
        this.row = new float[this.statistics == null ? 0 : n];
        plan.begin(file);
        for (Field field : table.schema().getFields()) {
            if (Statistic.isOf(field)) {
                continue;
            }
            file.endBuffer();
            switch (field.getName()) {
                case "prompt" -> index((segment, unit, head) -> segment.prompt());
                case "layer" ->
                    index((segment, unit, head) -> table.units().get(unit).layer());
                case "head", "kv_head" -> index((segment, unit, head) -> head);
                case "pos", "query_pos" -> positions();
                case "site" -> sites();
                case "weights" -> {
                    offsets();
                    file.endBuffer();
                }
                case "vector" -> file.endBuffer();
                default -> throw new IllegalStateException(field.toString());
            }
        }
    }

    /** Writes the numbers of the next rows. */
    void add(Stretch stretch) {
        if (statistics == null) {
            file.put(stretch.bytes());
        } else {
            weights(stretch, statistics);
        }
    }

    /** Ends the batch, which has its numbers. */
    void end() {
        file.endBuffer();
        if (statistics != null) {
            for (Statistic statistic : Statistic.values()) {
                file.endBuffer();
                statistics.write(statistic, file);
                file.endBuffer();
            }
        }
        file.end();
    }

    /** An index that is the same in all rows of a tile. */
    private interface Index {
        int of(Segment segment, int unit, int head);
    }

    private void index(Index index) {
        for (Segment segment : plan.segments()) {
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                for (int head = segment.headFrom(); head < segment.headTo(); head++) {
                    Arrays.fill(column, 0, segment.n(), index.of(segment, unit, head));
                    file.putInts(column, segment.n());
                }
            }
        }
        file.endBuffer();
    }

    private void positions() {
        Arrays.setAll(column, pos -> pos);
        for (Segment segment : plan.segments()) {
            for (int tile = 0; tile < segment.tiles(); tile++) {
                file.putInts(column, segment.n());
            }
        }
        file.endBuffer();
    }

    private void sites() {
        int end = 0;
        offset(end);
        for (Segment segment : plan.segments()) {
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                int length = table.units().get(unit).site().length;
                for (int pos = 0; pos < segment.n(); pos++) {
                    end += length;
                    column[pos] = end;
                }
                file.putInts(column, segment.n());
            }
        }
        file.endBuffer();
        for (Segment segment : plan.segments()) {
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                ByteBuffer site = ByteBuffer.wrap(table.units().get(unit).site());
                for (int pos = 0; pos < segment.n(); pos++) {
                    file.put(site);
                }
            }
        }
        file.endBuffer();
    }

    private void offsets() {
        int end = 0;
        offset(end);
        for (Segment segment : plan.segments()) {
            for (int tile = 0; tile < segment.tiles(); tile++) {
                for (int pos = 0; pos < segment.n(); pos++) {
                    end += table.rowLength(segment.n(), pos);
                    column[pos] = end;
                }
                file.putInts(column, segment.n());
            }
        }
        file.endBuffer();
    }

    private void offset(int value) {
        column[0] = value;
        file.putInts(column, 1);
    }

    /** Takes every row's statistics on the way, while the row is in the processor's nearest cache. */
    private void weights(Stretch stretch, BatchStatistics taken) {
        ByteBuffer bytes = stretch.bytes();
        Segment segment = stretch.segment();
        NumberView numbers = NumberView.of(bytes, table.type());
        int size = table.type().bytes();
        int n = segment.n();
        int at = 0;
        for (int i = stretch.from(); i < stretch.to(); i++) {
            int length = table.rowLength(n, i % n);
            numbers.get(at / size, row, 0, length);
            taken.add(row, length);
            file.put(bytes, bytes.position() + at, length * size);
            at += stretch.rowBytes() == 0 ? length * size : stretch.rowBytes();
            if (i % n == n - 1) {
                int tile = i / n;
                int unit = segment.unitFrom() + tile / (segment.headTo() - segment.headFrom());
                int head = segment.headFrom() + tile % (segment.headTo() - segment.headFrom());
                taken.endTile(segment.prompt(), table.units().get(unit).layer(), head, n);
            }
        }
    }
}
