package dev.vitrine.examples.benchmarks.sql;

import dev.vitrine.engine.VectorInstructions;
import dev.vitrine.examples.benchmarks.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
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
            description =
                    "then so many clients at once, each with all queries but c3 and e', which take DuckDB minutes then")
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
                VectorInstructions.arePresent() ? "with" : "without",
                runs);
        List<BenchmarkQuery> queries = BenchmarkQuery.all(tokens);
        List<Contender> contenders = new ArrayList<>();
        try {
            contenders.add(Contender.vitrine(store));
            for (DuckDbCopy.Layout layout : layouts) {
                if (layout != DuckDbCopy.Layout.NONE) {
                    progress("DuckDB " + layout + " gets its copy, unless it has it");
                    Contender.copy(contenders.get(0).connection(), place, layout, tokens, headSize);
                    contenders.add(Contender.duckdb(place, layout, threads));
                }
            }
            SqlPage page = new SqlPage(out, contenders);
            one(page, queries, contenders);
            if (clients > 0) {
                many(page, queries.stream().filter(BenchmarkQuery::forMany).toList(), contenders);
            }
            page.wrong().forEach(System.err::println);
            return page.wrong().isEmpty() ? 0 : 1;
        } finally {
            for (Contender contender : contenders) {
                contender.connection().close();
            }
        }
    }

    private static void progress(String what) {
        System.err.println(what);
    }

    /** One client. */
    private void one(SqlPage page, List<BenchmarkQuery> queries, List<Contender> contenders) throws SQLException {
        page.head();
        for (BenchmarkQuery query : queries) {
            List<Timing> timings = new ArrayList<>();
            for (Contender contender : contenders) {
                progress(query.name() + ": " + contender.name());
                timings.add(Timing.of(contender.connection(), contender.sql(query), query.ties(), runs));
            }
            page.line(query, timings);
        }
    }

    /** Many clients. */
    private void many(SqlPage page, List<BenchmarkQuery> queries, List<Contender> contenders)
            throws InterruptedException, ExecutionException {
        page.clientsHead(clients);
        List<Clients.Load> loads = new ArrayList<>();
        for (Contender contender : contenders) {
            progress(clients + " clients: " + contender.name());
            List<String> sql = queries.stream().map(contender::sql).toList();
            loads.add(new Clients(clients).measure(contender.door(), sql));
            page.clients(contender, loads.get(loads.size() - 1), loads.get(0));
        }
    }
}
