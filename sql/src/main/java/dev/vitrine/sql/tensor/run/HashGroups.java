package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.Arrays;

/** Groups of any keys, each encoded in one long: open addressing with linear probing. Not thread-safe. */
public final class HashGroups extends Groups {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int MOST_GROUPS = 1 << 26;

    /** An object of five numbers. */
    private static final long STATE_BYTES = 56;

    /** The keys to look up; set before {@link #find}. */
    public final long[] probe;

    private long[] keys;
    private int[] table;
    private int size;

    HashGroups(GroupSpace space, int keyCount) {
        super(space, FIRST_CAPACITY);
        probe = new long[keyCount];
        take(bytes(FIRST_CAPACITY));
        keys = new long[FIRST_CAPACITY * keyCount];
        table = new int[2 * FIRST_CAPACITY];
    }

    /** The group of {@link #probe}, which is there from now on. Arrays of slots may be replaced by longer ones. */
    public int find() {
        int mask = table.length - 1;
        int at = hash() & mask;
        while (table[at] != 0) {
            int group = table[at] - 1;
            if (matches(group)) {
                return group;
            }
            at = at + 1 & mask;
        }
        if (2 * (size + 1) > table.length) {
            grow();
            return find();
        }
        System.arraycopy(probe, 0, keys, size * probe.length, probe.length);
        table[at] = ++size;
        return size - 1;
    }

    private boolean matches(int group) {
        for (int i = 0; i < probe.length; i++) {
            if (keys[group * probe.length + i] != probe[i]) {
                return false;
            }
        }
        return true;
    }

    private int hash() {
        long hash = 0;
        for (long key : probe) {
            hash = (hash ^ key) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    /** What keys, table and the states of aggregates that are objects take. */
    private long bytes(long capacity) {
        return capacity * (Long.BYTES * probe.length + 2 * Integer.BYTES + STATE_BYTES * states());
    }

    private void grow() {
        if (table.length > MOST_GROUPS) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "GROUP BY has more than " + size
                            + " groups, at most " + MOST_GROUPS / 2
                            + " fit in memory; group by coarser keys or add a WHERE condition");
        }
        int capacity = table.length;
        take(bytes(capacity) - bytes(capacity / 2));
        room(size, capacity);
        long[] wanted = probe.clone();
        keys = Arrays.copyOf(keys, capacity * probe.length);
        table = new int[2 * capacity];
        int mask = table.length - 1;
        for (int group = 0; group < size; group++) {
            System.arraycopy(keys, group * probe.length, probe, 0, probe.length);
            int at = hash() & mask;
            while (table[at] != 0) {
                at = at + 1 & mask;
            }
            table[at] = group + 1;
        }
        System.arraycopy(wanted, 0, probe, 0, probe.length);
    }

    @Override
    public int end() {
        return size;
    }

    @Override
    public long key(int group, int key) {
        return keys[group * probe.length + key];
    }

    @Override
    int same(Groups other, int from) {
        for (int key = 0; key < probe.length; key++) {
            probe[key] = other.key(from, key);
        }
        return find();
    }
}
