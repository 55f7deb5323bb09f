package dev.vitrine.sql.tensor.run;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The groups of an aggregation: one entry per group in an array per slot. Slot 0 counts the group's rows; a group without rows is
 * not there.
 */
public abstract class Groups {
    /** Groups merged from one look at the clock to the next. */
    private static final int CHECKS_APART = 1 << 12;

    /** By slot, then group; empty for slots of another type. */
    public final double[][] doubles;

    /** By slot, then group; empty for slots of another type. */
    public final long[][] longs;

    /** By slot, then group; empty for slots of another type. Null before the first row. */
    public final @Nullable Object[][] objects;

    private final List<Slot> slots;
    private final List<BinaryOperator<Object>> merges;
    private final Supplier<TopRows> tops;
    private final GroupMemory memory;
    private long bytes;

    Groups(GroupSpace space, int capacity) {
        this.slots = space.slots();
        this.merges = space.merges();
        this.tops = space.tops();
        this.memory = space.memory();
        doubles = new double[slots.size()][];
        longs = new long[slots.size()][];
        objects = new Object[slots.size()][];
        for (int i = 0; i < slots.size(); i++) {
            doubles[i] = new double[0];
            longs[i] = new long[0];
            objects[i] = new Object[0];
        }
        room(0, capacity);
    }

    /** The first rows that a group keeps in a slot, none at first. Not a place in an array: hashed groups may replace those. */
    public final TopRows top(int slot, int group) {
        Object known = objects[slot][group];
        if (known instanceof TopRows rows) {
            return rows;
        }
        TopRows first = tops.get();
        objects[slot][group] = first;
        return first;
    }

    /** Counts so many more bytes; {@code LIMIT_EXCEEDED} before they are allocated where there is no room for them. */
    final void take(long more) {
        memory.take(more);
        bytes += more;
    }

    /** Slots whose values are objects. */
    final int states() {
        return (int) slots.stream()
                .filter(slot -> !slot.isDouble() && !slot.isLong())
                .count();
    }

    /** Says that nothing holds these groups any longer. */
    final void release() {
        memory.give(bytes);
        bytes = 0;
    }

    /** Makes room for {@code to} groups of which {@code from} are in use. */
    final void room(int from, int to) {
        take((long) (to - from) * Long.BYTES * slots.size());
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.isDouble()) {
                doubles[i] = Arrays.copyOf(doubles[i], to);
                if (slot.firstDouble() != 0) {
                    Arrays.fill(doubles[i], from, to, slot.firstDouble());
                }
            } else if (slot.isLong()) {
                longs[i] = Arrays.copyOf(longs[i], to);
                if (slot.firstLong() != 0) {
                    Arrays.fill(longs[i], from, to, slot.firstLong());
                }
            } else {
                objects[i] = Arrays.copyOf(objects[i], to);
            }
        }
    }

    /** One past the last group's place. */
    public abstract int end();

    /** The value of a key of a group, encoded as its {@link GroupKey} says. */
    public abstract long key(int group, int key);

    /** The group here that is the same as one of a later box; there from now on. */
    abstract int same(Groups other, int from);

    /** Adds the groups of a later box; {@code execution} is asked now and then whether to go on. */
    final void merge(Groups other, Execution execution) {
        for (int from = 0; from < other.end(); from++) {
            if (from % CHECKS_APART == 0) {
                execution.check();
            }
            if (other.has(from)) {
                mergeGroup(same(other, from), other, from);
            }
        }
    }

    /** Whether the group has rows. */
    public final boolean has(int group) {
        return longs[0][group] > 0;
    }

    private void mergeGroup(int group, Groups other, int from) {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.isDouble()) {
                doubles[i][group] = slot.combine(doubles[i][group], other.doubles[i][from]);
            } else if (slot.isLong()) {
                longs[i][group] = slot.combine(longs[i][group], other.longs[i][from]);
            } else {
                Object mine = objects[i][group];
                Object theirs = other.objects[i][from];
                objects[i][group] = mine == null
                        ? theirs
                        : theirs == null ? mine : merges.get(i).apply(mine, theirs);
            }
        }
    }
}
