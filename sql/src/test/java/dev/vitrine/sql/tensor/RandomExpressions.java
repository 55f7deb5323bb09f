package dev.vitrine.sql.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Random SQL expressions over a source's columns that Calcite and DuckDB understand alike. {@code depth} limits how deep they nest.
 */
final class RandomExpressions {
    private final RandomSource source;
    private final RandomChoice choose;

    RandomExpressions(RandomSource source, RandomChoice choose) {
        this.source = source;
        this.choose = choose;
    }

    String coordinate() {
        return choose.of(source.integers);
    }

    String integer(int depth) {
        return switch (depth == 0 ? choose.below(3) : choose.below(10)) {
            case 0, 1 -> coordinate();
            case 2 -> Integer.toString(choose.below(7));
            case 3 -> "(" + integer(depth - 1) + " + " + integer(depth - 1) + ")";
            case 4 -> "(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
            case 5 -> "ABS(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
            case 6 -> "MOD(" + coordinate() + ", " + (1 + choose.below(4)) + ")";
            case 7 -> "COALESCE(" + coordinate() + ", " + integer(depth - 1) + ")";
            case 8 -> "CHAR_LENGTH(" + text(depth - 1) + ")";
            default -> cases(integer(depth - 1), integer(depth - 1), depth);
        };
    }

    /** A number that is exact in binary, and hence the same in float32 and float64. */
    String exact(int depth) {
        return switch (depth == 0 ? 0 : choose.below(7)) {
            case 0, 1 -> choose.of(source.reals);
            case 2 -> "(" + exact(depth - 1) + " * " + integer(depth - 1) + ")";
            case 3 -> "(" + exact(depth - 1) + choose.of(" + ", " - ") + exact(depth - 1) + ")";
            case 4 -> "ABS(" + exact(depth - 1) + ")";
            case 5 -> "CAST(" + integer(depth - 1) + " AS DOUBLE)";
            default -> cases(exact(depth - 1), exact(depth - 1), depth);
        };
    }

    String number(int depth) {
        if (!source.decimals.isEmpty() && choose.oneIn(4)) {
            return choose.of(source.decimals);
        }
        if (!source.vectors.isEmpty() && choose.oneIn(2)) {
            return vector();
        }
        String real = choose.of(source.reals);
        return switch (choose.below(6)) {
            case 0 -> "CASE WHEN " + real + " > 0 THEN " + real + " * LN(" + real + ")" + orNull("0") + " END";
            case 1 -> "EXP(-ABS(" + exact(depth) + "))";
            case 2 -> "(" + exact(depth) + " / " + (1 + choose.below(5)) + ".0e0)";
            default -> exact(depth);
        };
    }

    private String vector() {
        String a = choose.of(source.vectors);
        String b = choose.of(source.vectors);
        boolean alike = source.vectors.size() < 2
                || !a.equals("t.vector")
                || source.from().matches(".*(queries|hidden).*");
        return alike && choose.oneIn(2)
                ? choose.of("dot", "l2_distance", "cosine_similarity") + "(" + a + ", " + b + ")"
                : "l2_norm(" + a + ")";
    }

    String text(int depth) {
        return switch (depth == 0 ? 0 : choose.below(6)) {
            case 0, 1, 2 -> choose.of(source.texts);
            case 3 -> choose.of("UPPER", "LOWER") + "(" + choose.of(source.texts) + ")";
            case 4 -> "(" + choose.of(source.texts) + " || '-' || " + choose.of(source.texts) + ")";
            default -> cases(choose.of("'low'", text(0)), choose.of("'higher'", text(0)), depth);
        };
    }

    private String cases(String then, String otherwise, int depth) {
        return "CASE WHEN " + condition(depth - 1) + " THEN " + then + orNull(otherwise) + " END";
    }

    private String orNull(String otherwise) {
        return choose.oneIn(2) ? "" : " ELSE " + otherwise;
    }

    String condition(int depth) {
        int below = Math.max(0, depth - 1);
        return switch (depth == 0 ? choose.below(5) : choose.below(14)) {
            case 0 -> choose.of(source.reals) + choose.of(" > ", " <= ", " >= ", " < ") + choose.below(9) / 8.0;
            case 1, 2 -> integer(below) + comparison() + integer(below);
            case 3 -> coordinate() + " IN (" + choose.below(4) + ", " + choose.below(6) + ", " + choose.below(9) + ")";
            case 4 -> coordinate() + " BETWEEN " + choose.below(4) + " AND " + coordinate();
            case 5, 6 -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
            case 7 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
            case 8 -> "NOT (" + condition(depth - 1) + ")";
            case 9 -> text(below) + comparison() + choose.of("'cat'", "'alpha'", "'x'", text(below));
            case 10 ->
                text(below) + choose.of(" LIKE '%a%'", " IS NULL", " LIKE 'c_t'", " IN ('alpha', 'cat', 'beta')");
            case 11 -> source.flags.isEmpty() ? exact(below) + comparison() + exact(below) : choose.of(source.flags);
            case 12 -> decimal() + comparison() + choose.of("1.25", "0", integer(0));
            default ->
                "(" + condition(depth - 1) + ") IS " + choose.of("NOT ", "") + choose.of("TRUE", "FALSE", "NULL");
        };
    }

    private String decimal() {
        return source.decimals.isEmpty() ? choose.of(source.reals) : choose.of(source.decimals);
    }

    private String comparison() {
        return choose.of(" = ", " = ", " < ", " <= ", " > ", " >= ", " <> ");
    }

    /** WHERE, or nothing. */
    String where() {
        List<String> conditions = new ArrayList<>();
        for (int i = choose.below(4); i > 0; i--) {
            conditions.add(choose.oneIn(8) ? source.semiJoin() : condition(2));
        }
        if (source.has("t.key_pos") && choose.oneIn(8)) {
            conditions.add("t.key_pos = "
                    + choose.of("t.query_pos", "t.query_pos - 1", "t.query_pos + 1", "2", "t.query_pos - 90"));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
}
