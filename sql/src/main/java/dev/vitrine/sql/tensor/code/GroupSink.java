package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.run.GroupKey;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Groups: where a row's group stands, and what its slots add. Slots of a group that the innermost loop does not change are locals. */
final class GroupSink implements Sink {
    private static final int LANES = 4;
    private static final int FEW_SLOTS = 6;

    private final List<RexNode> keys;
    private final List<GroupKey> codings;
    private final List<Accumulator> accumulators;
    private final boolean dense;
    private final boolean longRows;
    private final SlotWriter slots;
    private @Nullable WholeRows whole;
    private boolean alongRow;

    /**
     * A sink for these groups.
     *
     * @param codings for each key; all dense or none
     * @param longRows whether a row of the innermost loop is long enough for several sets of locals
     */
    GroupSink(List<RexNode> keys, List<GroupKey> codings, List<Accumulator> accumulators, boolean longRows) {
        this.keys = keys;
        this.codings = codings;
        this.accumulators = accumulators;
        this.dense = codings.stream().allMatch(GroupKey::dense);
        this.longRows = longRows;
        this.slots = new SlotWriter(accumulators, dense);
    }

    @Override
    public void open(NestWriter nest, StringBuilder box) {
        String type = dense ? "DenseGroups" : "HashGroups";
        nest.field(type, "groups0");
        box.append("groups0 = (" + type + ") sink;\n");
        for (int i = 0; dense && i < keys.size(); i++) {
            nest.field("long", "b" + i);
            nest.field("int", "q" + i);
            box.append("b" + i + " = groups0.base[" + i + "];\nq" + i + " = groups0.stride[" + i + "];\n");
        }
    }

    private boolean invariant(NestWriter nest) {
        int last = nest.levels.last();
        return last == nest.levels.count() - 1 && keys.stream().allMatch(key -> level(nest, key) < last);
    }

    /** The level at which the key's place among the groups can be computed. */
    private int level(NestWriter nest, RexNode key) {
        return MayFail.never(key) ? nest.levels.of(key) : nest.levels.count() - 1;
    }

    @Override
    public void beforeRow(NestWriter nest, StringBuilder row) {
        StringBuilder outer = new StringBuilder("final int outer = 0");
        for (int i = 0; dense && i < keys.size(); i++) {
            int level = level(nest, keys.get(i));
            if (level < nest.levels.last()) {
                Block block = nest.block(level);
                String term = "(int) (" + code(nest, i, block) + " - b" + i + ") * q" + i;
                outer.append(" + ").append(nest.java.declare(dev.vitrine.sql.tensor.Kind.INT, term, block));
            }
        }
        row.append(outer).append(";\n");
        if (invariant(nest)) {
            Block block = nest.block(nest.levels.last() - 1);
            if (dense) {
                row.append("final int g = outer;\n");
            } else {
                find(nest, block, row);
            }
            int keyLevel = keys.stream().mapToInt(key -> level(nest, key)).max().orElse(0);
            whole = WholeRows.of(nest, accumulators, keyLevel);
            slots.declareLocals(nest, row, lanes(nest), whole == null);
            return;
        }
        String groups = dense ? RowGroups.add(nest, keys, accumulators) : null;
        if (groups != null) {
            alongRow = true;
            row.append(groups);
        } else {
            slots.declareArrays(row);
        }
    }

    @Override
    public void body(NestWriter nest, Block block, int lane) {
        if (invariant(nest)) {
            slots.addToLocals(nest, block, lane);
            return;
        }
        if (dense) {
            StringBuilder place = new StringBuilder("final int g = outer");
            for (int i = 0; i < keys.size(); i++) {
                if (level(nest, keys.get(i)) >= nest.levels.last()) {
                    place.append(" + (int) (" + code(nest, i, block) + " - b" + i + ") * q" + i);
                }
            }
            block.add(place + ";");
        } else {
            find(nest, block, block.text);
        }
        slots.addToArrays(nest, block);
    }

    @Override
    public void afterRow(NestWriter nest, StringBuilder row) {
        if (invariant(nest)) {
            slots.flush(nest, row, lanes(nest));
        }
    }

    @Override
    public boolean walksCells() {
        return !alongRow && !slots.wholeRows();
    }

    @Override
    public String insteadOfLoop() {
        return whole == null ? "" : whole.insteadOfLoop();
    }

    @Override
    public int lanes(NestWriter nest) {
        boolean waits = accumulators.stream().anyMatch(a -> !a.slot().isLong());
        boolean manyLocals = accumulators.stream().anyMatch(a -> EvenCorrelation.is(nest, a));
        int lanes = manyLocals ? LANES / 2 : LANES;
        return longRows && invariant(nest) && waits && accumulators.size() <= FEW_SLOTS ? lanes : 1;
    }

    /** Looks the group up; what the keys name is computed in {@code block}. */
    private void find(NestWriter nest, Block block, StringBuilder text) {
        for (int i = 0; i < keys.size(); i++) {
            GroupKey coding = codings.get(i);
            String code = code(nest, i, block);
            String isNull = isNull(nest, i, block);
            text.append("groups0.probe[" + coding.place() + "] = " + code + ";\n");
            if (coding.nullable()) {
                text.append("groups0.probe[" + (coding.place() + 1) + "] = " + isNull + " ? 1 : 0;\n");
            }
        }
        text.append("final int g = groups0.find();\n");
    }

    /** A key as a long. */
    private String code(NestWriter nest, int key, Block block) {
        RexNode rex = keys.get(key);
        GroupKey coding = codings.get(key);
        Nest.Column column =
                rex instanceof RexInputRef ref ? nest.nest().columns().get(ref.getIndex()) : new Nest.KvHead(0);
        String text;
        if (coding.coding() == GroupKey.Coding.AXIS) {
            return "a" + coding.axis();
        } else if (coding.coding() == GroupKey.Coding.CODE && column instanceof Nest.DimensionColumn dimension) {
            nest.java.value(rex, block);
            text = nest.code(dimension);
        } else {
            Value value = nest.java.value(rex, block);
            text = switch (coding.coding()) {
                case BOOLEAN -> "(" + value.text() + " ? 1 : 0)";
                case DOUBLE -> "bits(" + value.text() + ")";
                case CODE ->
                    (value.nullable() ? "(" + value.isNull() + " ? 0 : " : "(") + "execution.codes().code("
                            + value.text() + "))";
                default -> value.text();
            };
        }
        String isNull = isNull(nest, key, block);
        if (isNull.equals(Value.NEVER)) {
            return text;
        }
        if (!coding.dense()) {
            // A difference with NULL is NULL whatever the other side is: all of them are one group.
            return "(" + isNull + " ? 0L : " + text + ")";
        }
        return "(" + isNull + " ? groups0.nullCode(" + key + ") : (long) " + text + ")";
    }

    private String isNull(NestWriter nest, int key, Block block) {
        return nest.java.value(keys.get(key), block).isNull();
    }
}
