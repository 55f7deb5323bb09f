package dev.vitrine.sql.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * What a random query reads: a tensor {@code t}, perhaps a second one {@code u}, small tables joined, and the columns that expressions
 * may name, by type. Values of {@code reals} are exact in binary.
 */
final class RandomSource {
    final List<String> integers = new ArrayList<>();
    final List<String> reals = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final List<String> decimals = new ArrayList<>();
    final List<String> flags = new ArrayList<>();
    final List<String> vectors = new ArrayList<>();
    private final RandomChoice choose;
    private final StringBuilder from = new StringBuilder();

    RandomSource(RandomChoice choose) {
        this.choose = choose;
        if (choose.oneIn(8)) {
            pair();
        } else {
            tensor(
                    choose.of("attention", "attention", "attention", "queries", "keys", "hidden_states", "neurons"),
                    "t");
        }
        for (int joins = choose.of(List.of(0, 0, 0, 1, 1, 2)); joins > 0; joins--) {
            join();
        }
    }

    /** The FROM clause. */
    String from() {
        return " FROM " + from;
    }

    private void tensor(String table, String alias) {
        from.append(from.isEmpty() ? "" : " JOIN ").append(table + " " + alias);
        List<String> coordinates = switch (table) {
            case "attention" -> List.of("prompt", "layer", "head", "query_pos", "key_pos");
            case "keys", "value_vectors" -> List.of("prompt", "layer", "head", "kv_head", "pos");
            case "queries" -> List.of("prompt", "layer", "head", "pos");
            case "neurons" -> List.of("prompt", "layer", "pos", "neuron");
            default -> List.of("prompt", "layer", "pos");
        };
        coordinates.forEach(coordinate -> integers.add(alias + "." + coordinate));
        texts.add(alias + ".run");
        switch (table) {
            case "attention" -> reals.add(alias + ".weight");
            case "neurons" -> reals.add(alias + ".activation");
            default -> {
                vectors.add(alias + ".vector");
                reals.add(alias + ".vector[" + (1 + choose.below(3)) + "]");
                if (table.equals("hidden_states")) {
                    texts.add(alias + ".site");
                }
            }
        }
    }

    private void pair() {
        String prompt = " ON u.run = t.run AND u.prompt = t.prompt";
        String head = prompt + " AND u.layer = t.layer AND u.head = t.head";
        switch (choose.below(6)) {
            case 0 -> pair("queries", "keys", head + choose.of("", " AND u.pos <= t.pos", " AND t.pos = u.pos + 1"));
            case 1 ->
                pair(
                        "attention",
                        "attention",
                        prompt + " AND u.layer = t.layer AND u.query_pos = t.query_pos AND u.key_pos = t.key_pos"
                                + choose.of("", " AND u.head < t.head", " AND t.head = 0 AND u.head = 1"));
            case 2 -> pair("attention", "attention", head + " AND u.query_pos = t.key_pos");
            case 3 -> pair("attention", "value_vectors", head + " AND u.pos = t.key_pos");
            case 4 ->
                pair(
                        "hidden_states",
                        "hidden_states",
                        prompt + " AND u.site = t.site AND u.pos = t.pos AND u.layer = t.layer"
                                + choose.of("", " + 1", " + 2"));
            default ->
                pair(
                        "attention",
                        "neurons",
                        prompt + " AND u.layer = t.layer AND u.pos = t.query_pos AND u.neuron < 2");
        }
    }

    private void pair(String first, String second, String condition) {
        tensor(first, "t");
        tensor(second, "u");
        from.append(condition);
    }

    boolean has(String column) {
        return integers.contains(column);
    }

    private void join() {
        String outer = choose.of("", "", " LEFT");
        switch (choose.below(8)) {
            case 0, 1 -> tokens(outer);
            case 2 -> {
                if (once(outer + " JOIN prompt_labels l ON l.run = t.run AND l.prompt = t.prompt", " l ")) {
                    texts.add("l.label");
                }
            }
            case 3 -> {
                String more = choose.of("", " AND p.tokens > 3");
                if (once(outer + " JOIN prompts p ON p.run = t.run AND p.prompt = t.prompt" + more, " p ")) {
                    integers.add("p.tokens");
                }
            }
            case 4 -> {
                if (has("t.head")
                        && once(
                                outer + " JOIN heads h ON h.run = t.run AND h.layer = t.layer AND h.head = t.head",
                                " h ")) {
                    integers.add("h.kv_head");
                }
            }
            case 5 -> marks(choose.of("", " LEFT", " RIGHT"));
            default -> {
                if (once(outer + " JOIN workspace.notes n ON n.run = t.run AND n.prompt = t.prompt", " n ")) {
                    texts.add("n.label");
                    decimals.add("n.score");
                    flags.add("n.flag");
                    reals.add("n.grade");
                    integers.add("n.number");
                }
            }
        }
    }

    private void tokens(String outer) {
        String position = has("t.key_pos") ? choose.of("t.key_pos", "t.query_pos") : "t.pos";
        if (once(outer + " JOIN tokens k ON k.run = t.run AND k.prompt = t.prompt AND k.pos = " + position, " k ")) {
            texts.add("k.token");
            flags.add("k.is_special");
            if (choose.oneIn(3)) {
                from.append(choose.of("", " LEFT") + " JOIN workspace.words w ON w.word = k.token");
                decimals.add("w.amount");
            }
        }
    }

    private void marks(String outer) {
        if (has("t.head")
                && once(
                        outer + " JOIN workspace.marks m ON m.layer = t.layer AND m.head "
                                + choose.of("=", "=", "=", "<=") + " t.head",
                        " m ")) {
            texts.add("m.name");
            integers.add("m.big");
        }
    }

    private boolean once(String join, String alias) {
        boolean first = from.indexOf(alias) < 0;
        if (first) {
            from.append(join);
        }
        return first;
    }

    /** A condition that names another table. */
    String semiJoin() {
        String not = choose.of("", "", "NOT ");
        String position = has("t.key_pos") ? "t.key_pos" : "t.pos";
        return switch (choose.below(6)) {
            case 0 -> position + " " + not + "IN (SELECT pos FROM tokens WHERE token = 'cat')";
            case 1 ->
                not + "EXISTS (SELECT 1 FROM tokens s WHERE s.run = t.run AND s.prompt = t.prompt AND s.pos = "
                        + position + " AND s.is_special)";
            case 2 -> "t.layer " + not + "IN (SELECT layer FROM workspace.marks WHERE layer IS NOT NULL)";
            case 3 -> "t.layer " + not + "IN (SELECT layer FROM workspace.marks)";
            case 4 -> "t.run " + not + "IN (SELECT run FROM workspace.notes WHERE score > 1)";
            default ->
                "t.prompt " + choose.of("=", "<", "<=") + " (SELECT " + choose.of("MAX", "MIN")
                        + "(number) FROM workspace.notes)";
        };
    }
}
