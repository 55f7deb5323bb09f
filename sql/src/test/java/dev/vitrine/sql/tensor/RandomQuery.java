package dev.vitrine.sql.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random SQL that Calcite and DuckDB understand alike. What is ordered is ordered to the last row; constants are exact in binary. */
final class RandomQuery {
    private final Random random;
    private String table = "";
    private List<String> integers = List.of();
    private String real = "";

    RandomQuery(long seed) {
        random = new Random(seed);
        table();
    }

    private void table() {
        switch (random.nextInt(10)) {
            case 0 -> use("queries", List.of("prompt", "layer", "head", "pos"), "vector[1]");
            case 1 -> use("keys", List.of("prompt", "layer", "head", "kv_head", "pos"), "vector[2]");
            case 2 -> use("hidden_states", List.of("prompt", "layer", "pos"), "vector[3]");
            case 3 -> use("neurons", List.of("prompt", "layer", "pos", "neuron"), "activation");
            default -> use("attention", List.of("prompt", "layer", "head", "query_pos", "key_pos"), "weight");
        }
    }

    private void use(String name, List<String> coordinates, String payload) {
        table = name;
        integers = coordinates;
        real = payload;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String column() {
        return "t." + pick(integers);
    }

    private String real() {
        return "t." + real;
    }

    private String integer(int depth) {
        return switch (depth == 0 ? random.nextInt(3) : random.nextInt(8)) {
            case 0, 1 -> column();
            case 2 -> Integer.toString(random.nextInt(7));
            case 3 -> "(" + integer(depth - 1) + " + " + integer(depth - 1) + ")";
            case 4 -> "(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
            case 5 -> "ABS(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
            case 6 -> "MOD(" + column() + ", " + (1 + random.nextInt(4)) + ")";
            default ->
                "CASE WHEN " + condition(depth - 1) + " THEN " + integer(depth - 1) + orNull(integer(depth - 1))
                        + " END";
        };
    }

    private String orNull(String otherwise) {
        return random.nextBoolean() ? "" : " ELSE " + otherwise;
    }

    private String number(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(8)) {
            case 0, 1 -> real();
            case 2 -> "(" + number(depth - 1) + " * " + integer(depth - 1) + ")";
            case 3 -> "(" + number(depth - 1) + " + " + number(depth - 1) + ")";
            case 4 -> "ABS(" + number(depth - 1) + ")";
            case 5 -> "CASE WHEN " + real() + " > 0 THEN " + real() + " * LN(" + real() + ")" + orNull("0") + " END";
            case 6 -> "CAST(" + integer(depth - 1) + " AS DOUBLE)";
            default ->
                "CASE WHEN " + condition(depth - 1) + " THEN " + number(depth - 1) + orNull(number(depth - 1)) + " END";
        };
    }

    String condition(int depth) {
        return switch (depth == 0 ? random.nextInt(5) : random.nextInt(9)) {
            case 0 -> real() + pick(List.of(" > ", " <= ", " >= ", " < ")) + random.nextInt(9) / 8.0;
            case 1, 2 -> integer(Math.max(0, depth - 1)) + comparison() + integer(Math.max(0, depth - 1));
            case 3 ->
                column() + " IN (" + random.nextInt(4) + ", " + random.nextInt(6) + ", " + random.nextInt(9) + ")";
            case 4 -> column() + " BETWEEN " + random.nextInt(4) + " AND " + column();
            case 5 -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
            case 6 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
            case 7 -> "NOT (" + condition(depth - 1) + ")";
            default ->
                pick(List.of(
                        "t.run = 'alpha'", "t.run <> 'beta'", "t.run IN ('alpha', 'gamma')", integer(1) + " IS NULL"));
        };
    }

    private String comparison() {
        return pick(List.of(" = ", " = ", " < ", " <= ", " > ", " >= ", " <> "));
    }

    private String where() {
        List<String> conditions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            conditions.add(condition(2));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private String aggregate() {
        String filter = random.nextInt(4) == 0 ? " FILTER (WHERE " + condition(1) + ")" : "";
        return switch (random.nextInt(7)) {
            case 0 -> "COUNT(*)" + filter;
            case 1 -> "COUNT(" + integer(2) + ")" + filter;
            case 2 -> "SUM(" + integer(2) + ")" + filter;
            case 3 -> "AVG(" + number(1) + ")" + filter;
            case 4 -> "MIN(" + (random.nextBoolean() ? number(1) : integer(1)) + ")" + filter;
            case 5 -> "MAX(" + (random.nextBoolean() ? number(1) : integer(1)) + ")" + filter;
            default -> "SUM(" + number(2) + ")" + filter;
        };
    }

    /** FROM with a join or none; tables joined add columns to group by. */
    private String from(List<String> keys) {
        String from = " FROM " + table + " t";
        String position = integers.contains("key_pos") ? "key_pos" : integers.contains("pos") ? "pos" : null;
        int kind = random.nextInt(8);
        if (kind == 0 && position != null) {
            keys.add("k.token");
            return from + " JOIN tokens k ON k.run = t.run AND k.prompt = t.prompt AND k.pos = t." + position;
        }
        if (kind == 1) {
            keys.add("l.label");
            return from + " LEFT JOIN prompt_labels l ON l.run = t.run AND l.prompt = t.prompt";
        }
        if (kind == 2) {
            keys.add("p.tokens");
            return from + " JOIN prompts p ON p.run = t.run AND p.prompt = t.prompt AND p.tokens > 3";
        }
        return from;
    }

    /** Groups. */
    String grouped() {
        List<String> keys = new ArrayList<>();
        String from = from(keys);
        for (int i = random.nextInt(4); i > 0; i--) {
            keys.add(random.nextInt(6) == 0 ? "t.run" : random.nextInt(3) == 0 ? integer(1) : column());
        }
        keys.removeIf(key -> key.matches("-?\\d+"));
        List<String> output = new ArrayList<>(keys);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            output.add(aggregate());
        }
        String group = keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys);
        return "SELECT " + String.join(", ", named(output)) + from + where() + group;
    }

    private static List<String> named(List<String> columns) {
        List<String> named = new ArrayList<>();
        for (String column : columns) {
            named.add(column + " AS c" + named.size());
        }
        return named;
    }

    /** Rows, all or the first. */
    String rows() {
        List<String> extra = new ArrayList<>();
        String from = from(extra);
        List<String> output = new ArrayList<>(extra);
        output.add("t.run");
        integers.forEach(column -> output.add("t." + column));
        output.add(number(1));
        String query = "SELECT " + String.join(", ", named(output)) + from + where();
        if (random.nextBoolean()) {
            List<String> order = new ArrayList<>();
            order.add(real() + (random.nextBoolean() ? " DESC" : ""));
            order.add("t.run");
            integers.forEach(column -> order.add("t." + column));
            extra.forEach(order::add);
            query += " ORDER BY " + String.join(", ", order) + " LIMIT " + (1 + random.nextInt(20));
            query += random.nextInt(4) == 0 ? " OFFSET " + random.nextInt(5) : "";
        }
        return query;
    }

    String any() {
        return random.nextInt(3) == 0 ? rows() : grouped();
    }

    /** What the conditions of {@code three} are put on. */
    String source() {
        return table;
    }

    /** The real column. */
    String payload() {
        return real();
    }
}
