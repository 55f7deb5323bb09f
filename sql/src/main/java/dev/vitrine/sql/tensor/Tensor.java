package dev.vitrine.sql.tensor;

import static dev.vitrine.sql.tensor.AxisKind.HEAD;
import static dev.vitrine.sql.tensor.AxisKind.LAYER;
import static dev.vitrine.sql.tensor.AxisKind.NEURON;
import static dev.vitrine.sql.tensor.AxisKind.POSITION;
import static dev.vitrine.sql.tensor.AxisKind.PROMPT;
import static dev.vitrine.sql.tensor.AxisKind.RUN;
import static dev.vitrine.sql.tensor.AxisKind.SITE;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;

/** A table that is a dense array: its coordinates follow from where a number stands, and only the numbers are read. */
public enum Tensor {
    /** [run, prompt, layer, head, query, key] → weight. */
    ATTENTION(List.of(RUN, PROMPT, LAYER, HEAD, POSITION, POSITION), true, "query_pos", "key_pos", "weight"),
    QUERIES(List.of(RUN, PROMPT, LAYER, HEAD, POSITION), false, "pos", "vector"),
    KEYS(List.of(RUN, PROMPT, LAYER, HEAD, POSITION), false, "kv_head", "pos", "vector"),
    VALUE_VECTORS(List.of(RUN, PROMPT, LAYER, HEAD, POSITION), false, "kv_head", "pos", "vector"),
    HIDDEN_STATES(List.of(RUN, PROMPT, LAYER, SITE, POSITION), false, "pos", "vector"),
    /** [run, prompt, layer, pos, neuron] → activation. */
    NEURONS(List.of(RUN, PROMPT, LAYER, POSITION, NEURON), true, "pos", "neuron", "activation");

    /** Column of a tensor: an axis, or one of the two constants below. */
    public static final int PAYLOAD = -1;

    /** The column {@code kv_head}, which follows from the head. */
    public static final int KV_HEAD = -2;

    private final ImmutableList<AxisKind> axes;
    private final boolean cells;
    private final ImmutableList<String> columns;
    private final ImmutableList<Integer> roles;

    Tensor(List<AxisKind> axes, boolean cells, String... last) {
        this.axes = ImmutableList.copyOf(axes);
        this.cells = cells;
        ImmutableList.Builder<String> names = ImmutableList.builder();
        ImmutableList.Builder<Integer> places = ImmutableList.builder();
        int axis = 0;
        for (AxisKind kind : axes) {
            if (kind != POSITION && kind != NEURON) {
                names.add(kind.name().toLowerCase(Locale.ROOT));
                places.add(axis++);
            }
        }
        for (String column : last) {
            names.add(column);
            places.add(
                    column.equals("kv_head")
                            ? Integer.valueOf(KV_HEAD)
                            : axis < axes.size() ? Integer.valueOf(axis++) : Integer.valueOf(PAYLOAD));
        }
        columns = names.build();
        roles = places.build();
    }

    /** The axes, in the order of the file. */
    public List<AxisKind> axes() {
        return axes;
    }

    /** Whether the payload is one float32 per innermost coordinate; a float32 vector per coordinate otherwise. */
    public boolean cells() {
        return cells;
    }

    /** Column names in SQL, in order; the payload is the last. */
    public List<String> columns() {
        return columns;
    }

    /** What the column is: the ordinal of an axis, {@link #PAYLOAD} or {@link #KV_HEAD}. */
    public int role(int column) {
        return roles.get(column);
    }

    /** The table's name. */
    public String table() {
        return name().toLowerCase(Locale.ROOT);
    }
}
