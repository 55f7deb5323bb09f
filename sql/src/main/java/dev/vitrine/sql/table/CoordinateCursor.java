package dev.vitrine.sql.table;

/** Rows in the order of their coordinates, as nested loops over the indices that the bounds leave. */
abstract class CoordinateCursor implements Cursor {
    private static final Integer[] BOXED = new Integer[4096];

    static {
        for (int i = 0; i < BOXED.length; i++) {
            BOXED[i] = i;
        }
    }

    private final Indices[] allowed;
    private final int[] at;
    private final int[] end;
    private boolean begun;

    /** @param allowed the indices of each loop, outermost first */
    CoordinateCursor(Indices... allowed) {
        this.allowed = allowed;
        this.at = new int[allowed.length];
        this.end = new int[allowed.length];
    }

    /** The first index that loop {@code level} does not reach, given those of the loops around it. */
    abstract int end(int level);

    /** Called when loop {@code level} comes to a new index; false skips it. */
    boolean enter(int level) {
        return true;
    }

    /** The index of a loop in this row. */
    final int at(int level) {
        return at[level];
    }

    /** The index of a loop as a value of a row. */
    final Integer boxed(int level) {
        return boxedIndex(at[level]);
    }

    static Integer boxedIndex(int index) {
        return index < BOXED.length ? BOXED[index] : Integer.valueOf(index);
    }

    @Override
    public final boolean next() {
        int innermost = at.length - 1;
        int level = begun ? innermost : 0;
        int candidate = begun ? at[innermost] + 1 : 0;
        if (!begun) {
            begun = true;
            end[0] = end(0);
        }
        while (true) {
            int index = allowed[level].atLeast(candidate);
            if (index < end[level]) {
                at[level] = index;
                if (!enter(level)) {
                    candidate = index + 1;
                } else if (level == innermost) {
                    return true;
                } else {
                    candidate = 0;
                    level++;
                    end[level] = end(level);
                }
            } else if (level == 0) {
                return false;
            } else {
                level--;
                candidate = at[level] + 1;
            }
        }
    }
}
