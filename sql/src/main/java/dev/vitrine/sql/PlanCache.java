package dev.vitrine.sql;

import dev.vitrine.sql.plan.CompiledQuery;
import dev.vitrine.sql.plan.CompiledStatement;
import dev.vitrine.sql.workspace.WorkspaceContents;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiled queries by their text, the least recently used of which goes first. Statements that change something are not kept. */
final class PlanCache {
    private static final int CAPACITY = 256;

    /**
     * What a plan was made for.
     *
     * @param runs the store's version
     */
    record State(long runs, WorkspaceContents workspace) {}

    private record Entry(State state, CompiledQuery query) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > CAPACITY;
        }
    };

    synchronized @Nullable CompiledStatement get(String sql, State now) {
        Entry entry = entries.get(sql);
        return entry != null && entry.state().equals(now) ? entry.query() : null;
    }

    synchronized void put(String sql, State state, CompiledStatement statement) {
        if (statement instanceof CompiledQuery query) {
            entries.put(sql, new Entry(state, query));
        }
    }
}
