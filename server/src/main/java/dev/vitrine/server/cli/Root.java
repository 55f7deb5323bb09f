package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.server.query.Failure;
import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vitrine} itself: which commands there are, and how all of them fail. */
@Command(
        name = "vitrine",
        header = "An embedded analytics database for the inside of transformers.",
        subcommands = {
            DemoCommand.class,
            ExtractCommand.class,
            SqlCommand.class,
            ServeCommand.class,
            FunctionsCommand.class,
            ModelsCommand.class,
            CheckCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Root.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a query or its data is wrong",
            "2:the command line is wrong",
            "3:something cannot be opened or is corrupt",
            "4:a limit or the deadline was reached",
            "130:interrupted"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrine demo",
            "  vitrine extract --model minilm --prompts sentences.txt --store my-store",
            "  vitrine sql --store my-store",
            "  vitrine sql --help"
        })
public final class Root implements Runnable {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--debug",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show where in the program an error arose.")
    private boolean debug;

    private Root(Console console) {
        this.console = console;
    }

    /** What the jar's manifest says. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Root.class.getPackage().getImplementationVersion();
            return new String[] {"vitrine " + (version == null ? "(not from a jar)" : version)};
        }
    }

    /** Runs one command line; gives the exit code. */
    public static int run(Console console, String... args) {
        Root root = new Root(console);
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.interactive() ? CommandLine.Help.Ansi.AUTO : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((wrong, arguments) -> root.reject(wrong))
                .setExecutionExceptionHandler((thrown, line, parsed) -> root.fail(thrown))
                .execute(args);
    }

    /** How this program was called, to be shown in advice. */
    static String invocation() {
        // java -jar makes the class path what the user typed.
        String jar = System.getProperty("java.class.path", "");
        return jar.endsWith(".jar") && !jar.contains(File.pathSeparator) ? "java -jar " + jar : "vitrine";
    }

    static Console console(@Nullable Root root) {
        return Objects.requireNonNull(root, "picocli sets the parent command").console;
    }

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
        throw new ParameterException(line, "a command is missing");
    }

    /** One line on what is wrong with the command line, and where its help is. */
    private int reject(ParameterException wrong) {
        console.err().println("error: " + String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", ""));
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, console.err());
        console.err().println("See: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCodes.USAGE;
    }

    private int fail(Exception thrown) {
        Failure failure = Failure.of(thrown);
        console.out().flush();
        console.err().println("error: " + failure.message());
        if (debug || failure.code() == ErrorCode.INTERNAL) {
            thrown.printStackTrace(console.err());
        }
        return ExitCodes.of(failure.code());
    }
}
