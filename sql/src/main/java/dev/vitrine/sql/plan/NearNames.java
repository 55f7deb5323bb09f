package dev.vitrine.sql.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The names that someone who mistyped one may have meant. */
final class NearNames {
    private static final int MOST = 3;

    private NearNames() {}

    /** As the end of a message: {@code "; did you mean layer?"}, or nothing where no name is near. */
    static String hint(String typed, Collection<String> names) {
        String lower = typed.toLowerCase(Locale.ROOT);
        int most = Math.max(1, typed.length() / 3);
        List<String> near = names.stream()
                .distinct()
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= most)
                .sorted(Comparator.comparingInt((String name) -> distance(lower, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(name -> name))
                .limit(MOST)
                .toList();
        return near.isEmpty() ? "" : near.stream().collect(Collectors.joining(", ", "; did you mean ", "?"));
    }

    /** Levenshtein's: how many characters to add, drop or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
