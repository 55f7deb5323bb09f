package dev.vitrine.examples.benchmarks.sql;

import dev.vitrine.examples.benchmarks.Machine;
import dev.vitrine.sql.Database;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Times attention-shaped SQL on Vitrine and on DuckDB over the same cells, as text through JDBC on both sides, and compares what they
 * give. The store and its copies in DuckDB are written under the folder, unless they are there. Fails where a result differs.
 */
@Command(name = "SqlBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class SqlBenchmark implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "where the store and DuckDB's files are, or go")
    private Path folder = Path.of("");

    @Option(names = "--prompts", defaultValue = "4", description = "prompts in the store")
    private int prompts;

    @Option(names = "--layers", defaultValue = "12", description = "layers, 4 at least")
    private int layers;

    @Option(names = "--heads", defaultValue = "12", description = "heads of a layer, 3 at least")
    private int heads;

    @Option(names = "--tokens", defaultValue = "512", description = "tokens of a prompt")
    private int tokens;

    @Option(names = "--head-size", defaultValue = "64", description = "numbers of a query or a key")
    private int headSize;

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "timed executions of a query, after two seconds of others")
    private int runs;

    @Option(
            names = "--layouts",
            split = ",",
            arity = "0..1",
            defaultValue = "DENSE,CAUSAL",
            description = "how DuckDB has the cells: ${COMPLETION-CANDIDATES}; NONE runs Vitrine alone")
    private List<DuckDbCopy.Layout> layouts = List.of();

    @Option(
            names = "--clients",
            defaultValue = "0",
            description = "then so many clients at once, each with all queries")
    private int clients;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new SqlBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException, ExecutionException {
        String shape = prompts + "x" + layers + "x" + heads + "x" + tokens + "x" + headSize;
        Path place = Files.createDirectories(folder.resolve(shape));
        Path store = place.resolve("store");
        if (!Files.exists(store)) {
            new BenchmarkStore(prompts, layers, heads, tokens, headSize).write(store);
        }
        int threads = Runtime.getRuntime().availableProcessors();
        out.printf(
                Locale.ROOT,
                "%s%n%d prompts × %d layers × %d heads × %d tokens, %,d cells seen; %d threads each, Vitrine %s vector"
                        + " instructions; %d runs after 2 s of warm-up: median"
                        + " (least–most)%n%n",
                Machine.describe(),
                prompts,
                layers,
                heads,
                tokens,
                (long) prompts * layers * heads * tokens * (tokens + 1) / 2,
                threads,
                Database.vectorized() ? "with" : "without",
                runs);
        List<BenchmarkQuery> queries = BenchmarkQuery.all(tokens);
        String url = "jdbc:vitrine:" + store + "?readonly=true";
        SqlPage page = new SqlPage(out);
        List<String> concurrent = new ArrayList<>();
        try (Connection vitrine = DriverManager.getConnection(url)) {
            List<Timing> ours = times(vitrine, queries, texts(queries, null));
            if (clients > 0) {
                concurrent.add("Vitrine: "
                        + new Clients(clients, 1)
                                .measure(() -> DriverManager.getConnection(url), texts(queries, null)));
            }
            Map<DuckDbCopy.Layout, List<Timing>> theirs = new EnumMap<>(DuckDbCopy.Layout.class);
            for (DuckDbCopy.Layout layout : layouts) {
                if (layout != DuckDbCopy.Layout.NONE) {
                    theirs.put(layout, duckdb(vitrine, place, layout, threads, queries, concurrent));
                }
            }
            page.print(queries, ours, theirs);
        }
        if (clients > 0) {
            out.printf(Locale.ROOT, "%n%d clients at once, each with every query:%n", clients);
            concurrent.forEach(out::println);
        }
        page.wrong().forEach(System.err::println);
        return page.wrong().isEmpty() ? 0 : 1;
    }

    private List<Timing> duckdb(
            Connection vitrine,
            Path place,
            DuckDbCopy.Layout layout,
            int threads,
            List<BenchmarkQuery> queries,
            List<String> concurrent)
            throws SQLException, IOException, InterruptedException, ExecutionException {
        Path file = place.resolve(layout.name().toLowerCase(Locale.ROOT) + ".duckdb");
        if (!Files.exists(file)) {
            DuckDbCopy.write(vitrine, file, layout, tokens, headSize);
        }
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = duckdb.createStatement()) {
            statement.execute("SET threads = " + threads);
            List<String> sql = texts(queries, layout);
            List<Timing> times = times(duckdb, queries, sql);
            if (clients > 0) {
                DuckDBConnection shared = duckdb.unwrap(DuckDBConnection.class);
                concurrent.add("DuckDB " + layout + ": " + new Clients(clients, 1).measure(shared::duplicate, sql));
            }
            return times;
        }
    }

    /** @param layout DuckDB's; null for Vitrine */
    private static List<String> texts(List<BenchmarkQuery> queries, DuckDbCopy.@Nullable Layout layout) {
        return queries.stream()
                .map(query -> layout == null ? query.vitrine() : query.duckdb(layout))
                .toList();
    }

    private List<Timing> times(Connection connection, List<BenchmarkQuery> queries, List<String> sql)
            throws SQLException {
        List<Timing> times = new ArrayList<>();
        for (int i = 0; i < sql.size(); i++) {
            times.add(Timing.of(connection, sql.get(i), queries.get(i).ties(), runs));
        }
        return times;
    }
}
