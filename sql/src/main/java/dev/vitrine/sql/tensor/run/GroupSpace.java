package dev.vitrine.sql.tensor.run;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * The groups that a query can have, and the part of them that a box can touch: along a coordinate no more than the box itself.
 *
 * @param merges for each slot; used where states are objects
 * @param tops makes what keeps the first rows of a group
 * @param memory what the groups are counted against
 */
public record GroupSpace(
        List<GroupKey> keys,
        List<Slot> slots,
        List<BinaryOperator<Object>> merges,
        Supplier<TopRows> tops,
        GroupMemory memory) {
    private boolean dense() {
        return keys.stream().allMatch(GroupKey::dense);
    }

    /** Empty groups for all boxes together. */
    Groups all() {
        if (!dense()) {
            return hashed();
        }
        long[] base = new long[keys.size()];
        int[] size = new int[keys.size()];
        for (int i = 0; i < base.length; i++) {
            base[i] = keys.get(i).lo();
            size[i] = keys.get(i).size();
        }
        return new DenseGroups(this, base, size);
    }

    /** Empty groups for one box. */
    Groups of(Box box) {
        if (!dense()) {
            return hashed();
        }
        long[] base = new long[keys.size()];
        int[] size = new int[keys.size()];
        for (int i = 0; i < base.length; i++) {
            GroupKey key = keys.get(i);
            base[i] = key.lo();
            size[i] = key.size();
            if (key.coding() == GroupKey.Coding.AXIS) {
                long end = Math.min(key.lo() + key.size(), box.hi[key.axis()]);
                base[i] = Math.max(key.lo(), box.lo[key.axis()]);
                size[i] = (int) Math.max(0, end - base[i]);
            }
        }
        return new DenseGroups(this, base, size);
    }

    private Groups hashed() {
        int places = 0;
        for (GroupKey key : keys) {
            places += key.nullable() ? 2 : 1;
        }
        return new HashGroups(this, places);
    }
}
