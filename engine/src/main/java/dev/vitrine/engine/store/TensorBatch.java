package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Writes one record batch of a tensor file: the index columns, which follow from the segments, and the numbers from where they lie. */
final class TensorBatch {
    private final BatchFile file;
    private final TensorTable table;
    private final @Nullable AttentionStatistics statistics;
    private float[] row = new float[0];

    /** @param statistics for attention, and for no other table */
    TensorBatch(BatchFile file, TensorTable table, @Nullable AttentionStatistics statistics) {
        this.file = file;
        this.table = table;
        this.statistics = statistics;
    }

    /** Writes the stretches, which stand in file order, as one batch. */
    void write(List<Stretch> stretches) throws IOException {
        long rows = 0;
        long numbers = 0;
        long siteBytes = 0;
        for (Stretch stretch : stretches) {
            rows += stretch.segment().rows();
            numbers += stretch.segment().numbers(table);
            siteBytes += siteBytes(stretch.segment());
        }
        List<Field> fields = table.schema().getFields();
        long[] nodes = new long[2 * fields.size()];
        long[] buffers = new long[4 * fields.size()];
        int node = 0;
        int buffer = 0;
        for (Field field : fields) {
            nodes[node++] = rows;
            buffers[buffer++] = 0;
            switch (field.getType().getTypeID()) {
                case Int, FloatingPoint -> buffers[buffer++] = rows * TensorTable.rowBytes(field);
                case Utf8 -> {
                    buffers[buffer++] = (rows + 1) * Integer.BYTES;
                    buffers[buffer++] = siteBytes;
                }
                case List, FixedSizeList -> {
                    if (table.attention()) {
                        buffers[buffer++] = (rows + 1) * Integer.BYTES;
                    }
                    nodes[node++] = numbers;
                    buffers[buffer++] = 0;
                    buffers[buffer++] = numbers * table.type().bytes();
                }
                default -> throw new IllegalStateException(field.toString());
            }
        }
        file.begin(rows, Arrays.copyOf(nodes, node), Arrays.copyOf(buffers, buffer));
        for (Field field : fields) {
            file.endBuffer();
            switch (field.getName()) {
                case "prompt" -> index(stretches, (segment, unit, head) -> segment.prompt());
                case "layer" ->
                    index(
                            stretches,
                            (segment, unit, head) -> table.units().get(unit).layer());
                case "head", "kv_head" -> index(stretches, (segment, unit, head) -> head);
                case "pos", "query_pos" -> positions(stretches);
                case "site" -> sites(stretches);
                case "weights" -> weights(stretches, Math.toIntExact(rows), requireNonNull(statistics));
                case "vector" -> vectors(stretches);
                default -> {
                    requireNonNull(statistics).write(Statistic.of(field), file);
                    file.endBuffer();
                }
            }
        }
        file.end();
    }

    /** An index that is the same in all rows of a tile. */
    private interface Index {
        int of(Segment segment, int unit, int head);
    }

    private void index(List<Stretch> stretches, Index index) throws IOException {
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                for (int head = segment.headFrom(); head < segment.headTo(); head++) {
                    int value = index.of(segment, unit, head);
                    for (int pos = 0; pos < segment.n(); pos++) {
                        file.putInt(value);
                    }
                }
            }
        }
        file.endBuffer();
    }

    private void positions(List<Stretch> stretches) throws IOException {
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int tile = 0; tile < segment.tiles(); tile++) {
                for (int pos = 0; pos < segment.n(); pos++) {
                    file.putInt(pos);
                }
            }
        }
        file.endBuffer();
    }

    private byte[] site(int unit) {
        return table.units().get(unit).hook().label().getBytes(StandardCharsets.UTF_8);
    }

    private long siteBytes(Segment segment) {
        long bytes = 0;
        for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
            bytes += (long) site(unit).length * segment.n();
        }
        return bytes;
    }

    private void sites(List<Stretch> stretches) throws IOException {
        int end = 0;
        file.putInt(end);
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                int length = site(unit).length;
                for (int pos = 0; pos < segment.n(); pos++) {
                    end += length;
                    file.putInt(end);
                }
            }
        }
        file.endBuffer();
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                ByteBuffer site = ByteBuffer.wrap(site(unit));
                for (int pos = 0; pos < segment.n(); pos++) {
                    file.put(site);
                }
            }
        }
        file.endBuffer();
    }

    private void vectors(List<Stretch> stretches) throws IOException {
        file.endBuffer();
        for (Stretch stretch : stretches) {
            file.put(stretch.bytes());
        }
        file.endBuffer();
    }

    /** Takes every row's statistics on the way, while the row is in the processor's nearest cache. */
    private void weights(List<Stretch> stretches, int rows, AttentionStatistics taken) throws IOException {
        int end = 0;
        file.putInt(end);
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int tile = 0; tile < segment.tiles(); tile++) {
                for (int pos = 0; pos < segment.n(); pos++) {
                    end += table.rowLength(segment.n(), pos);
                    file.putInt(end);
                }
            }
        }
        file.endBuffer();
        file.endBuffer();
        taken.begin(rows);
        int size = table.type().bytes();
        for (Stretch stretch : stretches) {
            ByteBuffer bytes = stretch.bytes();
            Segment segment = stretch.segment();
            NumberView numbers = NumberView.of(bytes, table.type());
            if (row.length < segment.n()) {
                row = new float[segment.n()];
            }
            for (int tile = 0; tile < segment.tiles(); tile++) {
                for (int pos = 0; pos < segment.n(); pos++) {
                    int length = table.rowLength(segment.n(), pos);
                    int from = stretch.rowStart(table, tile, pos);
                    numbers.get(from, row, 0, length);
                    taken.add(row, length);
                    file.put(bytes, bytes.position() + from * size, length * size);
                }
                int unit = segment.unitFrom() + tile / (segment.headTo() - segment.headFrom());
                int head = segment.headFrom() + tile % (segment.headTo() - segment.headFrom());
                taken.endTile(segment.prompt(), table.units().get(unit).layer(), head, segment.n());
            }
        }
        file.endBuffer();
    }
}
