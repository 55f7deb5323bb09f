package dev.vitrine.sql.plan;

import dev.vitrine.sql.query.Query;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * ORDER BY with LIMIT and OFFSET over rows. Numbers compare as what they are, and NaN is larger than all others; equal rows keep their
 * order. Public because generated code calls it.
 */
public final class RowOrder implements Comparator<@Nullable Object> {
    private final List<RelFieldCollation> keys;
    private final boolean single;
    private final @Nullable RexNode offset;
    private final @Nullable RexNode fetch;

    RowOrder(Sort sort) {
        this.keys = sort.getCollation().getFieldCollations();
        this.single = sort.getRowType().getFieldCount() == 1;
        this.offset = sort.offset;
        this.fetch = sort.fetch;
    }

    /** The rows in order: Object[] each, or the value itself where it is one column. */
    public Enumerable<@Nullable Object> of(Enumerable<@Nullable Object> rows, DataContext root) {
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<@Nullable Object> enumerator() {
                return Linq4j.enumerator(sorted(rows, Query.of(root)));
            }
        };
    }

    private List<@Nullable Object> sorted(Enumerable<@Nullable Object> rows, Query query) {
        long skip = number(offset, query, 0);
        long take = number(fetch, query, Long.MAX_VALUE);
        long most = take > Integer.MAX_VALUE - skip ? Integer.MAX_VALUE : skip + take;
        List<@Nullable Object> sorted = most == Integer.MAX_VALUE ? all(rows) : first((int) most, rows);
        return sorted.subList((int) Math.min(skip, sorted.size()), sorted.size());
    }

    private static long number(@Nullable RexNode expression, Query query, long otherwise) {
        if (expression == null) {
            return otherwise;
        }
        if (expression instanceof RexDynamicParam parameter) {
            return ((Number) Objects.requireNonNull(query.get(parameter.getName()), "LIMIT or OFFSET is NULL"))
                    .longValue();
        }
        return Objects.requireNonNull(((RexLiteral) expression).getValueAs(BigDecimal.class))
                .longValue();
    }

    private List<@Nullable Object> all(Enumerable<@Nullable Object> rows) {
        List<@Nullable Object> sorted = rows.toList();
        sorted.sort(this);
        return sorted;
    }

    private record Arrival(@Nullable Object row, long number) {}

    /** Holds no more rows than are asked for. */
    private List<@Nullable Object> first(int most, Enumerable<@Nullable Object> rows) {
        Comparator<Arrival> order = (a, b) -> {
            int c = compare(a.row(), b.row());
            return c == 0 ? Long.compare(a.number(), b.number()) : c;
        };
        PriorityQueue<Arrival> kept = new PriorityQueue<>(order.reversed());
        long number = 0;
        try (Enumerator<@Nullable Object> each = rows.enumerator()) {
            while (most > 0 && each.moveNext()) {
                Arrival next = new Arrival(each.current(), number++);
                if (kept.size() < most) {
                    kept.add(next);
                } else if (order.compare(next, Objects.requireNonNull(kept.peek())) < 0) {
                    kept.poll();
                    kept.add(next);
                }
            }
        }
        List<Arrival> sorted = new ArrayList<>(kept);
        sorted.sort(order);
        List<@Nullable Object> result = new ArrayList<>(sorted.size());
        sorted.forEach(arrival -> result.add(arrival.row()));
        return result;
    }

    @Override
    public int compare(@Nullable Object a, @Nullable Object b) {
        for (RelFieldCollation key : keys) {
            int c = compare(value(a, key), value(b, key), key);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    private @Nullable Object value(@Nullable Object row, RelFieldCollation key) {
        return single ? row : ((@Nullable Object[]) Objects.requireNonNull(row))[key.getFieldIndex()];
    }

    private static int compare(@Nullable Object a, @Nullable Object b, RelFieldCollation key) {
        if (a == null || b == null) {
            NullDirection nulls = key.nullDirection == NullDirection.UNSPECIFIED
                    ? key.direction.defaultNullDirection()
                    : key.nullDirection;
            int nullIsLess = nulls == NullDirection.FIRST ? -1 : 1;
            return a == b ? 0 : a == null ? nullIsLess : -nullIsLess;
        }
        int c = compareValues(a, b);
        return key.direction.isDescending() ? -c : c;
    }

    @SuppressWarnings("unchecked")
    private static int compareValues(Object a, Object b) {
        if (a.getClass() == b.getClass() && a instanceof Comparable<?> comparable) {
            return ((Comparable<Object>) comparable).compareTo(b);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return Double.compare(x.doubleValue(), y.doubleValue());
        }
        List<?> left = (List<?>) a;
        List<?> right = (List<?>) b;
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            Object x = left.get(i);
            Object y = right.get(i);
            int c = x == null || y == null ? Boolean.compare(x == null, y == null) : compareValues(x, y);
            if (c != 0) {
                return c;
            }
        }
        return Integer.compare(left.size(), right.size());
    }
}
