package dev.vitrine.examples.benchmarks.sql;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of results, Vitrine's first: a line per query or per database, as it comes. */
final class SqlPage {
    private final PrintStream out;
    private final List<Contender> contenders;
    private final List<String> wrong = new ArrayList<>();

    /** @param contenders Vitrine, then DuckDB's copies */
    SqlPage(PrintStream out, List<Contender> contenders) {
        this.out = out;
        this.contenders = contenders;
    }

    void head() {
        StringBuilder head = new StringBuilder("| query |");
        contenders.forEach(each -> head.append(" " + each.name() + " first ms | " + each.name() + " ms |"));
        out.println(head + " ratio over the better table | goal | |");
        out.println("|---".repeat(4 + 2 * contenders.size()) + "|");
    }

    /** A query's line, with the ratio over DuckDB's better table and whether it reaches the query's goal. */
    void line(BenchmarkQuery query, List<Timing> timings) {
        Timing ours = timings.get(0);
        StringBuilder line = new StringBuilder("| " + query.name() + " |");
        double better = Double.POSITIVE_INFINITY;
        for (int i = 0; i < timings.size(); i++) {
            Timing timing = timings.get(i);
            line.append(String.format(Locale.ROOT, " %.1f | %s |", timing.first(), timing.spread()));
            if (!ours.agrees(timing)) {
                wrong.add(query.name() + " differs from " + contenders.get(i).name());
            }
            if (i > 0 && contenders.get(i).layout() != DuckDbCopy.Layout.PARQUET) {
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

    void clientsHead(int clients) {
        out.printf(Locale.ROOT, "%n| %d clients at once | queries/s | median ms | 95th percentile ms |%n", clients);
        out.println("|---".repeat(4) + "|");
    }

    /** A database's line; DuckDB's figures with how many times Vitrine's are better. */
    void clients(Contender contender, Clients.Load load, Clients.Load ours) {
        if (contender.layout() == null) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f |%n",
                    contender.name(),
                    load.perSecond(),
                    load.median(),
                    load.percentile95());
            return;
        }
        out.printf(
                Locale.ROOT,
                "| %s | %.1f (ratio %.1f) | %.1f (%.1f) | %.1f (%.1f) |%n",
                contender.name(),
                load.perSecond(),
                ours.perSecond() / load.perSecond(),
                load.median(),
                load.median() / ours.median(),
                load.percentile95(),
                load.percentile95() / ours.percentile95());
    }

    /** Results that differ, to be told after the tables. */
    List<String> wrong() {
        return wrong;
    }
}
