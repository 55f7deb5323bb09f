package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One command line, run in this process as from a pipe.
 *
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record CommandRun(int exitCode, String out, String err) {

    /** Runs a command with nothing on stdin. */
    static CommandRun of(String... arguments) {
        return withInput("", arguments);
    }

    static CommandRun withInput(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int exitCode = Root.run(console, arguments);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Makes a store of its own with one small run, {@code small}, of two prompts; gives its folder. */
    static String smallStore(Path folder) {
        String store = folder.resolve("store").toString();
        String line = "extract -m induction-toy --rrt standard --length 5 --trials 2 --seed 3 --run small -s " + store;
        CommandRun run = of(line.split(" ", -1));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return store;
    }
}
