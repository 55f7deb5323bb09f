package dev.vitrine.sql.tensor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Random SQL that Calcite and DuckDB understand alike. Rows under a LIMIT are ordered by all of their columns. */
final class RandomQuery {
    private final RandomChoice choose;
    private final RandomSource source;
    private final RandomExpressions expressions;
    private boolean ordered;
    private boolean catalogued;

    RandomQuery(long seed) {
        choose = new RandomChoice(seed);
        source = new RandomSource(choose);
        expressions = new RandomExpressions(source, choose);
    }

    /** Whether the order of the rows is part of the answer. */
    boolean ordered() {
        return ordered;
    }

    /** Whether aggregates of Vitrine's catalogue are in it, which DuckDB does not have. */
    boolean catalogued() {
        return catalogued;
    }

    String any() {
        return switch (choose.below(16)) {
            case 0, 1, 2, 3 -> rows();
            case 4 -> "SELECT DISTINCT " + named(keys(1 + choose.below(2))) + source.from() + expressions.where();
            case 5 -> firstOfGroups();
            case 6 -> windows();
            case 7 -> nested();
            case 8 -> union();
            default -> grouped();
        };
    }

    private static String named(List<String> columns) {
        List<String> named = new ArrayList<>();
        for (String column : columns) {
            named.add(column + " AS c" + named.size());
        }
        return String.join(", ", named);
    }

    private String key() {
        return switch (choose.below(9)) {
            case 0 -> choose.of(source.texts);
            case 1 -> expressions.text(1);
            // Calcite's own operators take -0 and 0 for two groups.
            case 2 -> choose.oneIn(2) ? choose.of(source.reals) : "(" + expressions.exact(1) + " + 0e0)";
            case 3, 4 -> expressions.integer(1);
            default -> expressions.coordinate();
        };
    }

    private List<String> keys(int count) {
        Set<String> keys = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(key());
        }
        // A number alone would be the ordinal of a column.
        keys.removeIf(key -> key.matches("-?\\d+"));
        return new ArrayList<>(keys.isEmpty() ? List.of(source.integers.get(0)) : keys);
    }

    private String aggregate() {
        String filter = choose.oneIn(4) ? " FILTER (WHERE " + expressions.condition(1) + ")" : "";
        return switch (choose.below(12)) {
            case 0, 1 -> "COUNT(*)" + filter;
            case 2 ->
                "COUNT(" + choose.of(expressions.integer(2), expressions.text(1), choose.of(source.reals)) + ")"
                        + filter;
            case 3 -> "SUM(" + expressions.integer(2) + ")" + filter;
            case 4 -> "AVG(" + expressions.exact(1) + ")" + filter;
            case 5 ->
                "MIN(" + choose.of(expressions.exact(1), expressions.integer(1), expressions.text(0)) + ")" + filter;
            case 6 ->
                "MAX(" + choose.of(expressions.exact(1), expressions.integer(1), expressions.text(0)) + ")" + filter;
            case 7 ->
                choose.oneIn(2) ? "COUNT(DISTINCT " + key() + ")" : "AVG(" + expressions.integer(1) + ")" + filter;
            case 8 -> catalogueAggregate() + filter;
            default -> "SUM(" + expressions.number(2) + ")" + filter;
        };
    }

    private String catalogueAggregate() {
        if (!choose.oneIn(3)) {
            return "SUM(" + expressions.number(1) + ")";
        }
        catalogued = true;
        return choose.oneIn(3)
                ? "attention_entropy(ABS(" + choose.of(source.reals) + "))"
                : "weighted_corr(" + expressions.exact(1) + ", " + expressions.integer(1) + ", 1)";
    }

    /** Groups, perhaps some of them, perhaps in order. */
    private String grouped() {
        List<String> keys = choose.oneIn(4) ? List.of() : keys(1 + choose.below(3));
        List<String> output = new ArrayList<>(keys);
        for (int i = 1 + choose.below(3); i > 0; i--) {
            output.add(aggregate());
        }
        String query = "SELECT " + named(output) + source.from() + expressions.where() + groupBy(keys);
        if (choose.oneIn(5)) {
            query += " HAVING " + choose.of("COUNT(*)", "SUM(" + expressions.integer(0) + ")")
                    + choose.of(" > ", " <= ") + choose.below(40);
        }
        return choose.oneIn(4) && !keys.isEmpty() ? query + order(keys.size(), choose.oneIn(2)) : query;
    }

    private String groupBy(List<String> keys) {
        if (keys.isEmpty()) {
            return "";
        }
        String list = String.join(", ", keys);
        return " GROUP BY "
                + (keys.size() > 1 && choose.oneIn(8) ? choose.of("ROLLUP", "CUBE") + "(" + list + ")" : list);
    }

    /** ORDER BY the first so many columns, all of which are exact; the order is total where they tell rows apart. */
    private String order(int columns, boolean limit) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            order.add("c" + i + choose.of("", " ASC", " DESC") + choose.of(" NULLS FIRST", " NULLS LAST"));
        }
        ordered = true;
        String text = " ORDER BY " + String.join(", ", choose.shuffled(order));
        if (limit) {
            text += " LIMIT " + choose.below(20) + (choose.oneIn(4) ? " OFFSET " + choose.below(8) : "");
        }
        return text;
    }

    private List<String> exactColumns() {
        List<String> output = new ArrayList<>();
        output.add(choose.oneIn(4) ? "(" + expressions.exact(1) + " + 0e0)" : choose.of(source.reals));
        output.add("t.run");
        output.addAll(source.integers);
        source.texts.stream().filter(text -> choose.oneIn(2)).forEach(output::add);
        if (choose.oneIn(4)) {
            output.add(expressions.integer(1));
        }
        if (choose.oneIn(6)) {
            output.add("(" + expressions.condition(1) + ")");
        }
        return new ArrayList<>(new LinkedHashSet<>(output));
    }

    /** Rows, all or the first. */
    private String rows() {
        List<String> output = exactColumns();
        boolean first = choose.oneIn(2);
        if (!first) {
            output.add(expressions.number(1));
        }
        String query = "SELECT " + named(output) + source.from() + expressions.where();
        return first ? query + order(output.size(), true) : query;
    }

    /** The first rows of each group. */
    private String firstOfGroups() {
        List<String> output = exactColumns();
        List<String> order = new ArrayList<>();
        order.add(output.get(0) + choose.of("", " DESC") + " NULLS LAST");
        choose.shuffled(output.subList(1, output.size()))
                .forEach(column -> order.add(column + choose.of("", " DESC") + " NULLS LAST"));
        String rank = choose.of("ROW_NUMBER", "ROW_NUMBER", "RANK", "DENSE_RANK") + "() OVER (PARTITION BY "
                + String.join(", ", keys(1 + choose.below(2))) + " ORDER BY " + String.join(", ", order) + ")";
        if (choose.oneIn(4)) {
            return "SELECT " + named(output) + source.from() + expressions.where() + " QUALIFY " + rank + " <= "
                    + (1 + choose.below(4));
        }
        return "SELECT * FROM (SELECT " + named(output) + ", " + rank + " AS place" + source.from()
                + expressions.where() + ") AS ranked WHERE place <= " + (1 + choose.below(4));
    }

    private String windows() {
        List<String> output = exactColumns();
        String sum = choose.of("SUM(" + expressions.integer(1) + ")", "COUNT(*)", "MAX(" + expressions.exact(0) + ")");
        output.add(sum + " OVER (PARTITION BY " + String.join(", ", keys(1)) + ")");
        return "SELECT " + named(output) + source.from() + expressions.where();
    }

    /** Groups of groups. */
    private String nested() {
        List<String> keys = keys(2 + choose.below(2));
        String inner = "SELECT " + named(keys) + ", " + choose.of("MAX", "MIN") + "(" + expressions.exact(0)
                + ") AS m, COUNT(*) AS n" + source.from() + expressions.where() + " GROUP BY "
                + String.join(", ", keys);
        return "SELECT c0, AVG(m) AS a, SUM(n) AS s, COUNT(*) AS k FROM (" + inner + ") AS groups GROUP BY c0";
    }

    private String union() {
        String columns = "SELECT t.run AS c0, " + expressions.integer(1) + " AS c1, " + choose.of(source.reals)
                + " AS c2" + source.from();
        String all = columns + expressions.where() + " UNION ALL " + columns + expressions.where();
        return choose.oneIn(2) ? all : "SELECT c0, COUNT(*), SUM(c1), MAX(c2) FROM (" + all + ") AS parts GROUP BY c0";
    }

    /** What the conditions of {@link #condition} are put on. */
    String from() {
        return source.from();
    }

    String condition() {
        return choose.oneIn(6) ? source.semiJoin() : expressions.condition(3);
    }

    /** Columns of a row. */
    String columns() {
        return "t.run, t.prompt, t.layer, " + choose.of(source.reals);
    }
}
