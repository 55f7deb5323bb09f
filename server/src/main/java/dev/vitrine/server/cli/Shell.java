package dev.vitrine.server.cli;

import dev.vitrine.server.query.Queries;
import dev.vitrine.udfs.FunctionCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The SQL shell: history, completion, and Ctrl-C that stops the query and not the shell. */
final class Shell implements AutoCloseable {
    private static final String PROMPT = "vitrine> ";
    private static final String CONTINUED = "      -> ";

    private final StatementRunner runner;
    private final ShellCommands commands;
    private final Terminal terminal;
    private final LineReader reader;

    Shell(
            Terminal terminal,
            Path history,
            StatementRunner runner,
            Connection connection,
            FunctionCatalog functions,
            Queries queries)
            throws SQLException {
        SqlCompleter completer = SqlCompleter.of(connection, functions);
        this.runner = runner;
        this.commands = new ShellCommands(runner, connection, functions, terminal.writer());
        this.terminal = terminal;
        this.reader = LineReaderBuilder.builder()
                .appName("vitrine")
                .terminal(terminal)
                .parser(new SqlLineParser())
                .completer(completer)
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUED)
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        terminal.handle(Terminal.Signal.INT, signal -> queries.running().forEach(query -> queries.cancel(query.id())));
    }

    /** A shell on this process's terminal. */
    static Shell onTerminal(StatementRunner runner, Connection connection, FunctionCatalog functions, Queries queries)
            throws IOException, SQLException {
        Terminal terminal =
                TerminalBuilder.builder().name("vitrine").system(true).build();
        Path history = Path.of(System.getProperty("user.home"), ".vitrine_history");
        return new Shell(terminal, history, runner, connection, functions, queries);
    }

    /** Reads and runs until the end of the input or {@code .quit}. */
    int run() {
        terminal.writer().println("Statements end with ;  .help lists commands, Ctrl-D leaves.");
        while (true) {
            try {
                String input = reader.readLine(PROMPT).strip();
                if (input.startsWith(".")) {
                    if (!commands.run(input)) {
                        return ExitCodes.OK;
                    }
                } else {
                    SqlScript.statements(input).forEach(runner::run);
                }
            } catch (UserInterruptException e) {
                // Ctrl-C while typing drops the line.
            } catch (EndOfFileException e) {
                return ExitCodes.OK;
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
