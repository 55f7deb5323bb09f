package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rows of tables whose outermost loop is over runs: column 0 is {@code run}. */
abstract class RunCursor extends CoordinateCursor {
    private final List<Run> runs;
    private @Nullable Run run;

    /**
     * @param has whether a run has rows at all
     * @param inner the columns of the loops inside, outermost first
     */
    RunCursor(Query query, Bounds bounds, Predicate<Run> has, int... inner) {
        super(allowed(bounds, inner));
        this.runs = query.runs().stream()
                .filter(each -> bounds.allows(0, each.name()) && has.test(each))
                .toList();
    }

    private static Indices[] allowed(Bounds bounds, int[] inner) {
        Indices[] allowed = new Indices[inner.length + 1];
        allowed[0] = Indices.ALL;
        for (int i = 0; i < inner.length; i++) {
            allowed[i + 1] = bounds.indices(inner[i]);
        }
        return allowed;
    }

    /** The run of this row. */
    final Run run() {
        Run current = run;
        if (current == null) {
            throw new IllegalStateException("before the first row");
        }
        return current;
    }

    /** Called when the loop comes to the next run. */
    void begin(Run next) {}

    @Override
    boolean enter(int level) {
        if (level == 0) {
            Run next = runs.get(at(0));
            run = next;
            begin(next);
        }
        return true;
    }

    @Override
    final int end(int level) {
        return level == 0 ? runs.size() : endOf(level);
    }

    /** As {@link #end}, of the loops inside that over runs. */
    abstract int endOf(int level);
}
