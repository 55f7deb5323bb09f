package dev.vitrine.sql.tensor.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The first N rows of a box in sort order; of rows that sort equal the earlier stays. */
public final class TopRows {
    private final int limit;
    private final Comparator<Object[]> order;
    private final TopBound bound;
    private final PriorityQueue<Entry> worstFirst;
    private long sequence;

    /** A row and when it came. */
    private static final class Entry {
        final Object[] row;
        final long sequence;

        Entry(Object[] row, long sequence) {
            this.row = row;
            this.sequence = sequence;
        }
    }

    public TopRows(int limit, Comparator<Object[]> order, TopBound bound) {
        this.limit = limit;
        this.order = order;
        this.bound = bound;
        Comparator<Entry> entries =
                Comparator.comparing((Entry entry) -> entry.row, order).thenComparingLong(entry -> entry.sequence);
        this.worstFirst = new PriorityQueue<>(entries.reversed());
    }

    /** What the first key must reach; see {@link TopBound}. */
    public double bound() {
        return bound.get();
    }

    /** Adds a row, which begins with its sort keys. */
    public void add(Object[] row) {
        Entry worst = worstFirst.peek();
        if (worstFirst.size() < limit) {
            worstFirst.add(new Entry(row, sequence++));
        } else if (worst != null && order.compare(row, worst.row) < 0) {
            worstFirst.poll();
            worstFirst.add(new Entry(row, sequence++));
        } else {
            return;
        }
        worst = worstFirst.peek();
        if (worstFirst.size() == limit && worst != null && worst.row[0] instanceof Number number) {
            bound.tighten(number.doubleValue());
        }
    }

    /** Adds the rows of a later box. */
    void merge(TopRows later) {
        later.sorted().forEach(this::add);
    }

    /** These rows and those of a later box. */
    public TopRows and(TopRows later) {
        merge(later);
        return this;
    }

    /** The rows in sort order. */
    public List<Object[]> sorted() {
        List<Entry> entries = new ArrayList<>(worstFirst);
        entries.sort(worstFirst.comparator().reversed());
        return entries.stream().map(entry -> entry.row).toList();
    }
}
