package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.run.Groups;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The first rows of each group: their columns, then their number in the group, from 1. */
final class NumberedRows implements Iterator<Object[]> {
    private static final int SLOT = 1;

    private final Groups groups;
    private final int keys;
    private int group = -1;
    private List<Object[]> rows = List.of();
    private int next;

    /** @param keys how many sort keys stand before the columns of a row */
    NumberedRows(Groups groups, int keys) {
        this.groups = groups;
        this.keys = keys;
        advance();
    }

    private void advance() {
        while (next == rows.size() && ++group < groups.end()) {
            rows = groups.has(group) ? groups.top(SLOT, group).sorted() : List.of();
            next = 0;
        }
    }

    @Override
    public boolean hasNext() {
        return next < rows.size();
    }

    @Override
    public Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object[] row = rows.get(next++);
        Object[] numbered = Arrays.copyOfRange(row, keys, row.length + 1);
        numbered[numbered.length - 1] = (long) next;
        advance();
        return numbered;
    }
}
