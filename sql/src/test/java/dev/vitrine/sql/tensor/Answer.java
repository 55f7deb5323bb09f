package dev.vitrine.sql.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query: integers, text and NULL compared exactly, floats to a part in 10⁵ (sums of REAL differ in order). */
final class Answer {
    private static final double TOLERANCE = 1e-5;

    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    static Answer of(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return of(result);
        }
    }

    /** A prepared statement's, with these parameters. */
    static Answer of(Connection connection, String sql, List<? extends @Nullable Object> parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                return of(result);
            }
        }
    }

    private static Answer of(ResultSet result) throws SQLException {
        Answer answer = new Answer();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
                row.add(plain(result.getObject(column)));
            }
            answer.rows.add(row);
        }
        return answer;
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value instanceof java.sql.Array array) {
            return List.of((Object[]) array.getArray()).toString();
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger || (value instanceof BigDecimal decimal && decimal.scale() <= 0)) {
            return ((Number) value).longValue();
        }
        return value instanceof Number number && !(value instanceof Long) ? (Object) number.doubleValue() : value;
    }

    /** Exact columns first, so that floats that differ in the last digits do not part rows that belong together. */
    private static int order(List<@Nullable Object> a, List<@Nullable Object> b) {
        int order = 0;
        for (boolean floats : new boolean[] {false, true}) {
            for (int i = 0; i < a.size() && order == 0; i++) {
                Object x = a.get(i);
                Object y = b.get(i);
                if (x == null || y == null) {
                    order = x == y ? 0 : x == null ? -1 : 1;
                } else if (x instanceof Double == floats || y instanceof Double == floats) {
                    order = x instanceof Number m && y instanceof Number n
                            ? Double.compare(m.doubleValue(), n.doubleValue())
                            : Comparator.<String>naturalOrder().compare(x.toString(), y.toString());
                }
            }
        }
        return order;
    }

    int size() {
        return rows.size();
    }

    /** The one integer of an answer; 0 for NULL, the sum of no rows. */
    int count() {
        return rows.get(0).get(0) instanceof Long count ? Math.toIntExact(count) : 0;
    }

    /** Compares rows in the order in which they came. */
    void isSameInOrderAs(Answer other, String what) {
        compare(rows, other.rows, what);
    }

    /** Compares rows in any order. */
    void isSameAs(Answer other, String what) {
        compare(sorted(), other.sorted(), what);
    }

    private List<List<@Nullable Object>> sorted() {
        List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
        sorted.sort(Answer::order);
        return sorted;
    }

    private static void compare(List<List<@Nullable Object>> rows, List<List<@Nullable Object>> others, String what) {
        assertThat(rows.size()).as(what).isEqualTo(others.size());
        for (int i = 0; i < rows.size(); i++) {
            if (!same(rows.get(i), others.get(i))) {
                assertThat(rows.get(i)).as(what + "\nrow " + i).isEqualTo(others.get(i));
            }
        }
    }

    private static boolean same(List<@Nullable Object> a, List<@Nullable Object> b) {
        for (int i = 0; i < a.size(); i++) {
            Object x = a.get(i);
            Object y = b.get(i);
            boolean close = x instanceof Number m
                    && y instanceof Number n
                    && (x instanceof Double || y instanceof Double)
                    && (Math.abs(m.doubleValue() - n.doubleValue())
                                    <= TOLERANCE * Math.max(1, Math.abs(n.doubleValue()))
                            || Double.compare(m.doubleValue(), n.doubleValue()) == 0);
            if (!close && !java.util.Objects.equals(x, y)) {
                return false;
            }
        }
        return true;
    }
}
