package dev.vitrine.examples.benchmarks.sql;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of results: a line per query, with the ratio over DuckDB's better layout and whether it reaches the query's goal. */
final class SqlPage {
    private final PrintStream out;
    private final List<String> wrong = new ArrayList<>();

    SqlPage(PrintStream out) {
        this.out = out;
    }

    /** @param theirs what DuckDB took, by layout */
    void print(List<BenchmarkQuery> queries, List<Timing> ours, Map<DuckDbCopy.Layout, List<Timing>> theirs) {
        StringBuilder head = new StringBuilder("| query | Vitrine first ms | Vitrine ms |");
        theirs.keySet().forEach(layout -> head.append(" DuckDB " + layout + " first ms | DuckDB " + layout + " ms |"));
        out.println(head + " ratio over the better table | goal | |");
        out.println("|---".repeat(6 + 2 * theirs.size()) + "|");
        for (int i = 0; i < queries.size(); i++) {
            line(i, queries.get(i), ours.get(i), theirs);
        }
    }

    private void line(int i, BenchmarkQuery query, Timing ours, Map<DuckDbCopy.Layout, List<Timing>> theirs) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "| %s | %.1f | %s |", query.name(), ours.first(), ours.spread()));
        double better = Double.POSITIVE_INFINITY;
        for (Map.Entry<DuckDbCopy.Layout, List<Timing>> entry : theirs.entrySet()) {
            Timing timing = entry.getValue().get(i);
            line.append(String.format(Locale.ROOT, " %.1f | %s |", timing.first(), timing.spread()));
            if (!ours.agrees(timing)) {
                wrong.add(query.name() + " differs from DuckDB " + entry.getKey());
            }
            if (entry.getKey() != DuckDbCopy.Layout.PARQUET) {
                better = Math.min(better, timing.median());
            }
        }
        double ratio = better / ours.median();
        line.append(Double.isInfinite(ratio) ? " |" : String.format(Locale.ROOT, " %.1f |", ratio));
        line.append(query.goal() == 0 ? " | |" : String.format(Locale.ROOT, " ≥ %.0f | ", query.goal()));
        if (query.goal() > 0) {
            line.append(Double.isInfinite(ratio) ? "|" : ratio >= query.goal() ? "met |" : "missed |");
        }
        out.println(line);
    }

    /** Results that differ, to be told after the tables. */
    List<String> wrong() {
        return wrong;
    }
}
