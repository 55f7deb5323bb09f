package dev.vitrine.sql.tensor.code;

import java.util.Comparator;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.jspecify.annotations.Nullable;

/** Rows in the order of ORDER BY, compared in the type they have. NaN sorts above all numbers. */
public final class RowOrder {
    private RowOrder() {}

    /** Rows that begin with the values of the collation's fields, in its order. */
    static Comparator<Object[]> of(RelCollation collation, int keys) {
        List<Comparator<@Nullable Object>> values =
                collation.getFieldCollations().stream().map(RowOrder::values).toList();
        return (a, b) -> {
            int order = 0;
            for (int key = 0; key < keys && order == 0; key++) {
                order = values.get(key).compare(a[key], b[key]);
            }
            return order;
        };
    }

    /** Values of one field. */
    public static Comparator<@Nullable Object> values(RelFieldCollation field) {
        boolean descending = field.getDirection().isDescending();
        boolean nullsFirst = field.nullDirection == RelFieldCollation.NullDirection.FIRST
                || (field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED && descending);
        return (a, b) -> {
            if (a == null || b == null) {
                return a == b ? 0 : (a == null) == nullsFirst ? -1 : 1;
            }
            int order = compare(a, b);
            return descending ? -order : order;
        };
    }

    @SuppressWarnings("unchecked") // values of one column have one type, which SQL compares
    private static int compare(Object a, Object b) {
        if (a instanceof Float x && b instanceof Float y) {
            return Float.compare(x + 0f, y + 0f);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return Double.compare(x + 0.0, y + 0.0);
        }
        return ((Comparable<Object>) a).compareTo(b);
    }
}
