package dev.vitrine.server.cli;

import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.PromptFile;
import dev.vitrine.engine.extract.PromptSource;
import dev.vitrine.engine.extract.RepeatedRandomTokens;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import dev.vitrine.server.query.Queries;
import dev.vitrine.sql.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine demo}: from sentences to answers in one command. */
@Command(
        name = "demo",
        header = "Extract two small runs and ask them some questions.",
        description = {
            "Runs eight sentences through minilm and repeated random words through induction-toy, keeps the store, and shows queries "
                    + "with their answers. Runs that are there already are not made again."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  vitrine demo", "  vitrine demo --store /tmp/demo"})
final class DemoCommand implements Callable<Integer> {
    private static final String SENTENCES = "demo-sentences.jsonl";
    private static final String QUERIES = "demo.sql";

    @ParentCommand
    private @Nullable Root root;

    @Option(
            names = {"-s", "--store"},
            paramLabel = "DIR",
            defaultValue = "demo-store",
            description = "Folder of the store (default: ${DEFAULT-VALUE}).")
    private Path store = Path.of("demo-store");

    @Override
    public Integer call() throws IOException, SQLException {
        Console console = Root.console(root);
        try (Store runs = Store.openOrCreate(store)) {
            Path sentences = copy(SENTENCES);
            extract(console, runs, "minilm", "sentences", PromptFile.of(sentences));
            extract(
                    console,
                    runs,
                    "induction-toy",
                    "repeats",
                    RepeatedRandomTokens.of(RepeatedRandomTokens.Kind.STANDARD, 20, 10, 1));
        }
        int exitCode = ask(console, Files.readString(copy(QUERIES)));
        goOn(console.out());
        return exitCode;
    }

    /** Puts what the demo reads beside the runs, to be read and changed. */
    private Path copy(String resource) throws IOException {
        Path file = store.resolve(resource);
        try (InputStream content =
                Objects.requireNonNull(DemoCommand.class.getResourceAsStream(resource), "comes with the class")) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private void extract(Console console, Store runs, String model, String run, PromptSource prompts) {
        if (runs.runs().stream().map(Run::name).anyMatch(run::equals)) {
            return;
        }
        ExtractionOptions options = ExtractionOptions.of(prompts, store).withRun(run);
        try (TransformerModel opened = TransformerModel.open(model)) {
            console.err().println(ExtractCommand.summary(Extraction.run(opened, options)));
        }
    }

    private int ask(Console console, String script) throws SQLException {
        try (Database database = Database.open(store, true);
                Connection connection = database.connect(false);
                Queries queries = new Queries(SqlCommand.unlimited())) {
            StatementRunner runner =
                    new StatementRunner(connection, queries, console.out(), console.err(), OutputFormat.TABLE);
            int exitCode = ExitCodes.OK;
            for (String statement : SqlScript.statements(script)) {
                console.out().println();
                console.out().println(statement + ";");
                exitCode = Math.max(exitCode, runner.run(statement));
            }
            return exitCode;
        }
    }

    private void goOn(PrintStream out) {
        String vitrine = Root.invocation();
        out.println();
        out.println("The store is kept in " + store + ". Go on with");
        out.println("  " + vitrine + " sql --store " + store + "       a shell");
        out.println("  " + vitrine + " serve --store " + store + "     HTTP and JDBC at http://127.0.0.1:7878");
        out.println("  " + vitrine + " functions                    what SQL can call");
        out.flush();
    }
}
