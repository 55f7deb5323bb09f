package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.run.GroupKey;
import dev.vitrine.sql.tensor.run.Groups;
import dev.vitrine.sql.tensor.run.RunTensors;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Groups as rows: their keys, then the values of the calls. */
final class GroupRows implements Iterator<Object[]> {
    private final Groups groups;
    private final List<GroupKey> keys;
    private final List<Aggregates.Result> results;
    private final List<RunTensors> runs;
    private final boolean always;
    private int next = -1;

    /** @param always whether the one group is given even if it has no rows */
    GroupRows(
            Groups groups,
            List<GroupKey> keys,
            List<Aggregates.Result> results,
            List<RunTensors> runs,
            boolean always) {
        this.groups = groups;
        this.keys = keys;
        this.results = results;
        this.runs = runs;
        this.always = always;
        advance();
    }

    private void advance() {
        next++;
        while (next < groups.end() && !always && !groups.has(next)) {
            next++;
        }
    }

    @Override
    public boolean hasNext() {
        return next < groups.end();
    }

    @Override
    public Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object[] row = new Object[keys.size() + results.size()];
        int column = 0;
        for (GroupKey key : keys) {
            row[column++] = key.value(groups, next, runs);
        }
        for (Aggregates.Result result : results) {
            row[column++] = result.of(groups, next);
        }
        advance();
        return row;
    }
}
