package dev.vitrine.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;

/** Writes one record batch of a tensor file: the index columns, which follow from the segments, and the numbers from where they lie. */
final class TensorBatch {
    /** From here on numbers go to the file straight from the tensor's memory; below, the call would cost more than the copy. */
    private static final int DIRECT_BYTES = 64 << 10;

    private final BatchFile file;
    private final ValueBuffer values;
    private final TensorTable table;
    private float[] row = new float[0];

    TensorBatch(BatchFile file, TensorTable table) {
        this.file = file;
        this.values = new ValueBuffer(file);
        this.table = table;
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
                case Int, FloatingPoint -> buffers[buffer++] = rows * Integer.BYTES;
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
                case "prompt" -> index(stretches, (segment, unit, head, pos) -> segment.prompt());
                case "layer" ->
                    index(
                            stretches,
                            (segment, unit, head, pos) ->
                                    table.units().get(unit).layer());
                case "head", "kv_head" -> index(stretches, (segment, unit, head, pos) -> head);
                case "pos", "query_pos" -> index(stretches, (segment, unit, head, pos) -> pos);
                case "site" -> sites(stretches);
                case "weights", "vector" -> numbers(stretches);
                case "max" -> maxima(stretches);
                default -> throw new IllegalStateException(field.toString());
            }
        }
        file.end();
    }

    private interface Index {
        int at(Segment segment, int unit, int head, int pos);
    }

    private void index(List<Stretch> stretches, Index index) throws IOException {
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                for (int head = segment.headFrom(); head < segment.headTo(); head++) {
                    for (int pos = 0; pos < segment.n(); pos++) {
                        values.putInt(index.at(segment, unit, head, pos));
                    }
                }
            }
        }
        values.endBuffer();
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
        values.putInt(end);
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                int length = site(unit).length;
                for (int pos = 0; pos < segment.n(); pos++) {
                    end += length;
                    values.putInt(end);
                }
            }
        }
        values.endBuffer();
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            for (int unit = segment.unitFrom(); unit < segment.unitTo(); unit++) {
                byte[] site = site(unit);
                for (int pos = 0; pos < segment.n(); pos++) {
                    values.put(site);
                }
            }
        }
        values.endBuffer();
    }

    private void numbers(List<Stretch> stretches) throws IOException {
        if (table.attention()) {
            int end = 0;
            values.putInt(end);
            for (Stretch stretch : stretches) {
                Segment segment = stretch.segment();
                for (int tile = 0; tile < segment.tiles(); tile++) {
                    for (int pos = 0; pos < segment.n(); pos++) {
                        end += table.rowLength(segment.n(), pos);
                        values.putInt(end);
                    }
                }
            }
            values.endBuffer();
        }
        file.endBuffer();
        int size = table.type().bytes();
        for (Stretch stretch : stretches) {
            ByteBuffer bytes = stretch.bytes();
            Segment segment = stretch.segment();
            if (stretch.square()) {
                for (int tile = 0; tile < segment.tiles(); tile++) {
                    for (int pos = 0; pos < segment.n(); pos++) {
                        int from = bytes.position() + stretch.rowStart(table, tile, pos) * size;
                        values.put(bytes, from, table.rowLength(segment.n(), pos) * size);
                    }
                }
            } else if (bytes.remaining() < DIRECT_BYTES) {
                values.put(bytes, bytes.position(), bytes.remaining());
            } else {
                values.flush();
                file.write(bytes.duplicate());
            }
        }
        values.endBuffer();
    }

    private void maxima(List<Stretch> stretches) throws IOException {
        for (Stretch stretch : stretches) {
            Segment segment = stretch.segment();
            NumberView numbers = NumberView.of(stretch.bytes(), table.type());
            if (row.length < segment.n()) {
                row = new float[segment.n()];
            }
            for (int tile = 0; tile < segment.tiles(); tile++) {
                for (int pos = 0; pos < segment.n(); pos++) {
                    int length = table.rowLength(segment.n(), pos);
                    numbers.get(stretch.rowStart(table, tile, pos), row, 0, length);
                    values.putFloat(largest(row, length));
                }
            }
        }
        values.endBuffer();
    }

    /** The largest of the first numbers, NaN if one is NaN; a method of its own for the JIT's sake. */
    private static float largest(float[] numbers, int length) {
        float max = numbers[0];
        for (int i = 1; i < length; i++) {
            max = Math.max(max, numbers[i]);
        }
        return max;
    }
}
