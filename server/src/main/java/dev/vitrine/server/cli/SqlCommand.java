package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.query.Queries;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.sql.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine sql}: statements from the command line, a file, a pipe or a person. */
@Command(
        name = "sql",
        header = "Run SQL on a store, or open a shell.",
        description =
                "Reads statements from -e, -f, a pipe or, on a terminal, from you. The tables are in schema vitrine; your own go to "
                        + "schema workspace.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrine sql --store demo-store",
            "  vitrine sql --store demo-store -e \"SELECT run, prompts, tokens FROM runs\"",
            "  vitrine sql --store demo-store --format csv -f heads.sql > heads.csv"
        })
final class SqlCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = {"-e", "--execute"},
            paramLabel = "SQL",
            description = "Statements to run, separated by semicolons; may be given again.")
    private List<String> execute = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A file of statements to run.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, csv or json (default: ${DEFAULT-VALUE}); csv and json have every digit.")
    private OutputFormat format = OutputFormat.TABLE;

    @Option(names = "--read-only", description = "Leave the workspace to others: only read.")
    private boolean readOnly;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Stop a statement after so long; 0 for never (default).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws SQLException, IOException {
        Console console = Root.console(root);
        try (Database database = Database.open(store.path(), !readOnly);
                Connection connection = database.connect(readOnly);
                Queries queries = new Queries(limits())) {
            StatementRunner runner = new StatementRunner(connection, queries, console.out(), console.err(), format);
            if (execute.isEmpty() && file == null && console.interactive()) {
                return Shell.onTerminal(runner, connection, database.functions(), queries)
                        .run();
            }
            for (String statement : SqlScript.statements(script(console))) {
                int exitCode = runner.run(statement);
                if (exitCode != ExitCodes.OK) {
                    return exitCode;
                }
            }
            return ExitCodes.OK;
        }
    }

    private QueryLimits limits() {
        return timeoutSeconds == 0 ? unlimited() : unlimited().withTimeout(Duration.ofSeconds(timeoutSeconds));
    }

    /** What people get who sit at the machine themselves. */
    static QueryLimits unlimited() {
        return new QueryLimits(Duration.ofDays(365), Long.MAX_VALUE, Long.MAX_VALUE, 1, 0, Integer.MAX_VALUE);
    }

    private String script(Console console) throws IOException {
        if (!execute.isEmpty()) {
            return String.join(";\n", execute);
        }
        if (file == null) {
            return new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!Files.isRegularFile(file)) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "no file " + file + "; expected a file of SQL statements");
        }
        return Files.readString(file);
    }
}
