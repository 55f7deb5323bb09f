package dev.vitrine.sql.tensor.run;

import dev.vitrine.sql.query.Vector;
import dev.vitrine.sql.tensor.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A small table joined to a nest: its rows sorted by key, so that the rows of a key are {@code [start(slot), start(slot + 1))}, and
 * its columns in arrays of primitives.
 */
public final class Dimension {
    private final Column[] columns;
    private final KeyIndex index;
    private final int[] starts;

    private Dimension(Column[] columns, KeyIndex index, int[] starts) {
        this.columns = columns;
        this.index = index;
        this.starts = starts;
    }

    /**
     * A table of these rows.
     *
     * @param keys for each key, how to get it from a row; {@link Long#MIN_VALUE} where it equals no coordinate
     * @param kinds of all columns
     */
    public static Dimension of(List<Object[]> rows, List<ToLongFunction<Object[]>> keys, List<Kind> kinds) {
        int keyCount = keys.size();
        long[] values = new long[rows.size() * keyCount];
        Integer[] kept = new Integer[rows.size()];
        int count = 0;
        for (int row = 0; row < rows.size(); row++) {
            boolean known = true;
            for (int key = 0; key < keyCount; key++) {
                long value = keys.get(key).applyAsLong(rows.get(row));
                values[row * keyCount + key] = value;
                known &= value != Long.MIN_VALUE;
            }
            if (known) {
                kept[count++] = row;
            }
        }
        Integer[] order = Arrays.copyOf(kept, count);
        Arrays.sort(
                order,
                (a, b) -> Arrays.compare(
                        values, a * keyCount, (a + 1) * keyCount, values, b * keyCount, (b + 1) * keyCount));
        KeyIndex index = new KeyIndex(keyCount, count);
        int[] starts = new int[count + 1];
        int slots = 0;
        for (int i = 0; i < count; i++) {
            long[] key = Arrays.copyOfRange(values, order[i] * keyCount, (order[i] + 1) * keyCount);
            if (slots == 0 || !index.isLast(key)) {
                starts[slots++] = i;
                index.add(key);
            }
        }
        starts[slots] = count;
        index.seal();
        Column[] columns = new Column[kinds.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column(kinds.get(i), rows, order, i);
        }
        return new Dimension(columns, index, starts);
    }

    public KeyIndex index() {
        return index;
    }

    /** First row of a slot. */
    public int start(int slot) {
        return starts[slot];
    }

    /** One past the last row of a slot. */
    public int end(int slot) {
        return starts[slot + 1];
    }

    public Column column(int column) {
        return columns[column];
    }

    /** A column's values; only the array of the column's kind is filled. */
    public static final class Column {
        public final boolean[] nulls;
        public boolean[] booleans = {};
        public int[] ints = {};
        public long[] longs = {};
        public float[] floats = {};
        public double[] doubles = {};
        public @Nullable Object[] objects = {};

        /** For objects: equal numbers for equal values. */
        public int[] codes = {};

        /** What the codes stand for. */
        public final Codes dictionary = new Codes();

        Column(Kind kind, List<Object[]> rows, Integer[] order, int column) {
            int n = order.length;
            nulls = new boolean[n];
            switch (kind) {
                case BOOLEAN -> booleans = new boolean[n];
                case INT -> ints = new int[n];
                case LONG -> longs = new long[n];
                case FLOAT -> floats = new float[n];
                case DOUBLE -> doubles = new double[n];
                default -> {
                    objects = new Object[n];
                    codes = new int[n];
                }
            }
            for (int i = 0; i < n; i++) {
                Object value = rows.get(order[i])[column];
                if (value == null) {
                    nulls[i] = true;
                    continue;
                }
                switch (kind) {
                    case BOOLEAN -> booleans[i] = (Boolean) value;
                    case INT -> ints[i] = ((Number) value).intValue();
                    case LONG -> longs[i] = ((Number) value).longValue();
                    case FLOAT -> floats[i] = ((Number) value).floatValue();
                    case DOUBLE -> doubles[i] = ((Number) value).doubleValue();
                    case VECTOR -> objects[i] = Vector.floats((List<?>) value);
                    default -> {
                        objects[i] = value;
                        codes[i] = dictionary.code(value);
                    }
                }
            }
        }
    }
}
