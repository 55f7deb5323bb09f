package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.udfs.FunctionCatalog;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    Path folder;

    /** Runs words that hold no blanks. */
    private static CommandRun words(String line) {
        return CommandRun.of(line.isEmpty() ? new String[0] : line.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "extract", "sql", "serve", "functions", "models", "check"})
    void everyCommandHasHelpWithExamples(String command) {
        assertThat(words("--help").out()).contains("  " + command + " ");
        CommandRun help = CommandRun.of(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .contains("Usage: vitrine " + command, "Examples:", "  vitrine " + command, "Exit codes:");
        assertThat(help.out()).doesNotContain("\u001B[");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "~~; a command is missing; vitrine",
                "sqll; Unmatched argument at index 0: 'sqll'; vitrine",
                "sql; Missing required option: '--store=DIR'; vitrine sql",
                "sql -s x --format xml; Invalid value for option '--format': expected one of [TABLE, CSV, JSON] (case-insensitive) but was 'xml'; vitrine sql",
                "extract -s x -m minilm; Missing required argument (specify one of these): (-p=FILE | [--rrt=KIND [--length=N] [--trials=N] [--seed=S]]); vitrine extract",
                "extract -s x -m minilm -p a --rrt standard; --prompts=FILE and [--rrt=KIND [--length=N] [--trials=N] [--seed=S]] are mutually exclusive (specify only one); vitrine extract",
                "serve -s x --port y; Invalid value for option '--port': 'y' is not an int; vitrine serve"
            })
    void aWrongCommandLineIsToldInOneLine(String line, String error, String command) {
        CommandRun run = words(line);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).contains("error: " + error, "See: " + command + " --help");
    }

    @Test
    void extractWritesARunThatCheckFindsSound() {
        String store = CommandRun.smallStore(folder);
        CommandRun check = words("check -s " + store);
        assertThat(check.exitCode()).isZero();
        assertThat(check.out()).matches("ok {7}small: \\d+ files, \\d+\\.\\d MB\\R");
        CommandRun again = words("extract -m induction-toy --rrt standard --run small -s " + store);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("error: ").contains("small");
    }

    @Test
    void extractTakesLabelsHooksAndLayers() throws Exception {
        Path prompts = Files.writeString(
                folder.resolve("words.jsonl"),
                "{\"text\": \"red blue red\", \"kind\": \"colour\"}\n{\"text\": \"horse cat\"}\n");
        String store = folder.resolve("store").toString();
        CommandRun extract = words("extract -m induction-toy --hooks q,attention --layers 1 --dtype float16 -s " + store
                + " -p " + prompts);
        assertThat(extract.exitCode()).as(extract.err()).isZero();
        assertThat(extract.out()).startsWith("run induction-toy-words: model induction-toy, 2 prompts, ");
        assertThat(extract.err()).contains("2 of 2 prompts");
        CommandRun sql = CommandRun.of(
                "sql",
                "-s",
                store,
                "--format",
                "csv",
                "-e",
                "SELECT hooks, attention FROM runs; SELECT label FROM prompt_labels; SELECT DISTINCT layer FROM queries");
        assertThat(sql.out()).isEqualTo("hooks,attention\n\"q,attention\",stored\nlabel\ncolour\nlayer\n1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "-m nowhere --rrt standard; 3; no model 'nowhere'; expected one of",
                "-m induction-toy -p nothing.txt; 3; prompt file nothing.txt: no such file",
                "-m induction-toy -p pom.xml; 1; prompt file pom.xml: expected a name that ends in .txt",
                "-m induction-toy --rrt standard --device tpu; 1; device 'tpu' is not known, expected cpu, gpu, cuda:N or auto",
                "-m induction-toy --rrt standard --hooks q,zz; 1; hook 'zz' is not known, expected one of q, k, v,",
                "-m induction-toy --rrt standard --length 100; 1; prompt has 200 tokens, model induction-toy takes at most 128",
                "-m induction-toy --rrt bidirectional; 1; bidirectional repeated random tokens need a model that sees what follows"
            })
    void whatCannotBeExtractedIsToldInOneLine(String options, int exitCode, String error) {
        CommandRun run = words("extract " + options + " -s " + folder.resolve("store"));
        assertThat(run.err().replace(';', ',')).contains("error: ").contains(error.replace(';', ','));
        assertThat(run.err()).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
    }

    /** The build that is tested has no GPU support, whatever the machine has. */
    @Test
    void withoutAGpuTheProcessorExtractsAndALineSaysSo() {
        CommandRun run = words("extract -m induction-toy --rrt standard --trials 1 --device cuda:0 -s " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .startsWith(
                        "device cuda:0: PyTorch runs without GPU support (no GPU was found, or the build is not one with -Pcuda); running on the CPU\n");
    }

    @Test
    void checkNamesTheDamagedFile() throws Exception {
        String store = CommandRun.smallStore(folder);
        Path file = Path.of(store, "runs", "small", "attention.arrow");
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(damaged.length() / 2);
            int old = damaged.read();
            damaged.seek(damaged.length() / 2);
            damaged.write(old ^ 1);
        }
        CommandRun run = words("check -s " + store);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).startsWith("DAMAGED  small");
        assertThat(run.err()).startsWith("error: ").contains("attention.arrow");
        assertThat(words("check -s " + folder.resolve("none")).exitCode()).isEqualTo(3);
    }

    @Test
    void functionsAreDescribedByThemselves() {
        FunctionCatalog catalog = FunctionCatalog.load();
        assertThat(words("functions").out().lines())
                .hasSize(2 * catalog.functions().size())
                .contains("dot(a REAL ARRAY, b REAL ARRAY) → DOUBLE");
        assertThat(words("functions --markdown").out()).isEqualTo(catalog.markdown());
        assertThat(words("functions DOT rollout").out())
                .contains(
                        "    a: a vector\n",
                        "  Source: ",
                        "  Example: SELECT ",
                        "rollout(run VARCHAR, prompt INTEGER)");
        CommandRun unknown = words("functions dott");
        assertThat(unknown.exitCode()).isEqualTo(3);
        assertThat(unknown.err()).startsWith("error: function 'dott' is not known; expected one of ");
    }

    @Test
    void modelsShowsTheCard() {
        CommandRun run = words("models induction-toy");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .contains(
                        "model         induction-toy",
                        "architecture  gpt2, decoder, pre-norm",
                        "layers        2",
                        "heads         4",
                        "d_model       64");
    }

    @Test
    void modelsTellsHowLargeARunBecomes() {
        CommandRun run = words("models induction-toy --tokens 10");
        assertThat(run.exitCode()).as(run.err()).isZero();
        // 2 layers, 4 heads, 10 tokens: 80 queries of 16 numbers, with 16 bytes of indices each.
        assertThat(run.out().lines()).anyMatch(line -> line.matches("queries +80 +0\\.01"));
        assertThat(run.out().lines().reduce("", (before, last) -> last)).matches("in all +0\\.\\d\\d");
        assertThat(words("models induction-toy --tokens 0").err()).startsWith("error: --tokens 0: expected 1 to 128");
    }

    @Test
    void debugShowsWhere() {
        CommandRun run = words("check --debug -s " + folder.resolve("none"));
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).startsWith("error: ").contains("\tat dev.vitrine.engine.store.Store.check");
    }
}
