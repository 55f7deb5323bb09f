package dev.vitrine.server.cli;

import dev.vitrine.engine.VectorInstructions;
import dev.vitrine.server.ServerOptions;
import dev.vitrine.server.VitrineServer;
import dev.vitrine.server.http.Token;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.sql.Database;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine serve}: HTTP and remote JDBC until it is interrupted. */
@Command(
        name = "serve",
        header = "Serve a store over HTTP and JDBC, on this machine only and reading only.",
        description = {
            "Clients show a token: the value of the environment variable VITRINE_TOKEN, or else a random one that is printed once.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrine serve --store demo-store",
            "  VITRINE_TOKEN=$(openssl rand -hex 24) vitrine serve --store demo-store --port 0"
        })
final class ServeCommand implements Callable<Integer> {
    static final String TOKEN_VARIABLE = "VITRINE_TOKEN";

    @ParentCommand
    private @Nullable Root root;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = {"-p", "--port"},
            defaultValue = "7878",
            description = "Port on 127.0.0.1; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Longest time of a query (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--max-rows",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Most rows of a result (default: ${DEFAULT-VALUE}).")
    private long maxRows;

    @Override
    public Integer call() {
        PrintStream out = Root.console(root).out();
        String given = System.getenv(TOKEN_VARIABLE);
        Token token = given == null ? Token.random() : Token.of(given);
        QueryLimits limits = QueryLimits.DEFAULT
                .withTimeout(Duration.ofSeconds(timeoutSeconds))
                .withRows(maxRows);
        try (StopSignal stop = new StopSignal();
                Database database = Database.open(store.path(), false);
                VitrineServer server = VitrineServer.start(database, new ServerOptions(port, token, limits))) {
            announce(out, server, given == null ? token.reveal() : null);
            stop.await();
            return ExitCodes.OK;
        }
    }

    /** The secret is shown only where nobody else knows it. */
    private void announce(PrintStream out, VitrineServer server, @Nullable String secret) {
        String token = secret == null ? "$" + TOKEN_VARIABLE : secret;
        String vectorized = VectorInstructions.arePresent() ? ", with vector instructions" : "";
        out.println(
                "Serving " + store.path() + " at " + server.url() + ", reading only" + vectorized + "; Ctrl-C stops.");
        if (secret != null) {
            out.println("Token:  " + secret);
        }
        out.println("Try:    curl -H \"Authorization: Bearer " + token
                + "\" -H \"Content-Type: application/sql\" -H \"Accept: text/csv\""
                + " -d \"SELECT run, model, prompts FROM runs\" " + server.url() + "/v1/sql");
        out.println("JDBC:   " + server.jdbcUrl() + ";avatica_password=" + token);
        out.flush();
    }
}
