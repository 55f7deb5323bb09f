package dev.vitrine.sql.tensor.run;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs generated loops over boxes, each into a sink of its own, and takes the sinks in order.
 *
 * @param loops makes loops for one thread
 * @param helpers threads beside the caller's
 */
public record BoxLoops(Execution execution, Supplier<LoopNest> loops, List<Box> boxes, int helpers) {
    /** Loops over these boxes, on as many threads as {@code work} cells are worth. */
    public static BoxLoops of(Execution execution, Supplier<LoopNest> loops, List<Box> boxes, double work) {
        int helpers = work < Workers.boxCells() ? 0 : Math.min(Workers.helpers(), boxes.size() - 1);
        return new BoxLoops(execution, loops, boxes, Math.max(0, helpers));
    }

    private <S> OrderedBoxes<S> start(List<Box> part, Function<Box, S> sinks) {
        OrderedBoxes<S> ordered = new OrderedBoxes<>(
                part.size(),
                number -> {
                    S sink = sinks.apply(part.get(number));
                    loops.get().box(part.get(number), sink);
                    return sink;
                },
                Workers.pool(),
                helpers);
        execution.closedWhen(ordered::closed);
        return ordered;
    }

    /** The groups of all boxes. */
    public Groups groups(GroupSpace space) {
        Groups all = space.all();
        try (OrderedBoxes<Groups> ordered = start(boxes, space::of)) {
            for (Groups groups = ordered.next(); groups != null; groups = ordered.next()) {
                all.merge(groups, execution);
                groups.release();
            }
        }
        return all;
    }

    /** The first rows of all boxes in sort order. */
    public List<Object[]> top(Supplier<TopRows> tops) {
        TopRows all = tops.get();
        try (OrderedBoxes<TopRows> ordered = start(boxes, box -> tops.get())) {
            for (TopRows top = ordered.next(); top != null; top = ordered.next()) {
                all.merge(top);
            }
        }
        return all.sorted();
    }

    /** All rows, computed as they are asked for and a little ahead. */
    public Enumerable<Object[]> rows() {
        return rows(List.of(boxes));
    }

    /** The same for boxes that may have more rows than fit in memory: they are cut to {@code target} cells. */
    public Enumerable<Object[]> rows(Extents extents, long target) {
        return rows(new FineBoxes(extents, boxes, target));
    }

    private Enumerable<Object[]> rows(Iterable<List<Box>> parts) {
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<Object[]> enumerator() {
                return new RowEnumerator(parts.iterator(), part -> start(part, box -> new Rows()));
            }
        };
    }

    private static final class RowEnumerator implements Enumerator<Object[]> {
        private final Iterator<List<Box>> parts;
        private final Function<List<Box>, OrderedBoxes<Rows>> start;
        private @Nullable OrderedBoxes<Rows> ordered;
        private List<Object[]> rows = List.of();
        private int at = -1;

        RowEnumerator(Iterator<List<Box>> parts, Function<List<Box>, OrderedBoxes<Rows>> start) {
            this.parts = parts;
            this.start = start;
        }

        @Override
        public Object[] current() {
            return rows.get(at);
        }

        @Override
        public boolean moveNext() {
            while (++at >= rows.size()) {
                @Nullable Rows next = ordered == null ? null : ordered.next();
                if (next == null && !parts.hasNext()) {
                    rows = List.of();
                    return false;
                }
                if (next == null) {
                    ordered = start.apply(parts.next());
                }
                rows = next == null ? List.of() : next.rows;
                at = -1;
            }
            return true;
        }

        @Override
        public void reset() {
            throw new UnsupportedOperationException("rows stream once");
        }

        @Override
        public void close() {
            rows = List.of();
            if (ordered != null) {
                ordered.close();
            }
        }
    }
}
