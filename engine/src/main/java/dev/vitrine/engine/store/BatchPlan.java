package dev.vitrine.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;

/** What a record batch of a tensor file will hold and how long it will be, known before a number of it is. */
final class BatchPlan {
    /** A long prompt's layers share a batch until it has this many bytes. */
    private static final long LAYERS_BYTES = 4 << 20;
    /** Readers in other languages and Java's buffers stop at 2 GiB; columns beside the numbers take their share. */
    static final long MOST_BYTES = 768L << 20;

    private final List<Segment> segments;
    private final long rows;
    private final long[] nodes;
    private final long[] buffers;
    private final int endAlignment;

    /**
     * A batch of these segments.
     *
     * @param endAlignment see {@link ArrowMessages#batch}
     */
    BatchPlan(TensorTable table, List<Segment> segments, int endAlignment) {
        this.segments = List.copyOf(segments);
        this.rows = segments.stream().mapToLong(Segment::rows).sum();
        this.endAlignment = endAlignment;
        long numbers =
                segments.stream().mapToLong(segment -> segment.numbers(table)).sum();
        List<Field> fields = table.schema().getFields();
        long[] lengths = new long[2 * fields.size()];
        long[] bytes = new long[4 * fields.size()];
        int node = 0;
        int buffer = 0;
        for (Field field : fields) {
            lengths[node++] = rows;
            bytes[buffer++] = 0;
            switch (field.getType().getTypeID()) {
                case Int, FloatingPoint -> bytes[buffer++] = rows * TensorTable.rowBytes(field);
                case Utf8 -> {
                    bytes[buffer++] = (rows + 1) * Integer.BYTES;
                    bytes[buffer++] = segments.stream()
                            .mapToLong(segment -> siteBytes(table, segment))
                            .sum();
                }
                case List, FixedSizeList -> {
                    if (table.attention()) {
                        bytes[buffer++] = (rows + 1) * Integer.BYTES;
                    }
                    lengths[node++] = numbers;
                    bytes[buffer++] = 0;
                    bytes[buffer++] = numbers * table.type().bytes();
                }
                default -> throw new IllegalStateException(field.toString());
            }
        }
        this.nodes = Arrays.copyOf(lengths, node);
        this.buffers = Arrays.copyOf(bytes, buffer);
    }

    private static long siteBytes(TensorTable table, Segment segment) {
        return table.units().subList(segment.unitFrom(), segment.unitTo()).stream()
                        .mapToLong(unit -> unit.site().length)
                        .sum()
                * segment.n();
    }

    /**
     * The batches of a prompt that shares none with others: of one or more layers, or of heads where a layer is too large. They end
     * where others may be written beside them.
     */
    static List<BatchPlan> ofPrompt(TensorTable table, int prompt, int n) {
        List<List<Segment>> batches = new ArrayList<>(List.of(new ArrayList<>()));
        long tileBytes = table.tileNumbers(n) * table.type().bytes();
        long unitBytes = table.heads() * tileBytes;
        boolean whole = unitBytes <= MOST_BYTES && Activation.isWhole(table.givenNumbers(n), table.heads());
        long bytes = 0;
        for (int unit = 0; unit < table.units().size(); unit++) {
            for (int head = 0; head < table.heads(); head += whole ? table.heads() : 1) {
                boolean full = whole ? bytes >= LAYERS_BYTES : head == 0 || bytes + tileBytes > MOST_BYTES;
                if (full && bytes > 0) {
                    batches.add(new ArrayList<>());
                    bytes = 0;
                }
                int heads = whole ? table.heads() : 1;
                batches.get(batches.size() - 1).add(new Segment(prompt, n, unit, unit + 1, head, head + heads));
                bytes += heads * tileBytes;
            }
        }
        List<BatchPlan> plans = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            boolean last = i == batches.size() - 1;
            plans.add(new BatchPlan(table, batches.get(i), last ? SequentialFile.ALIGNMENT : ArrowMessages.ALIGNMENT));
        }
        return plans;
    }

    List<Segment> segments() {
        return segments;
    }

    long rows() {
        return rows;
    }

    /** Where the batch ends if it begins at this position of the file. */
    long end(long position) {
        return position
                + ArrowMessages.batch(rows, nodes, buffers, position, endAlignment)
                        .length();
    }

    void begin(BatchFile file) {
        file.begin(rows, nodes, buffers, endAlignment);
    }
}
