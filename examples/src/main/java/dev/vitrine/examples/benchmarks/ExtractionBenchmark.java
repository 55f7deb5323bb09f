package dev.vitrine.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures extraction, and with {@code --python} what Hugging Face and TransformerLens need for the same: the forward pass bare, one
 * prompt after the other and two at once, with every activation kept in memory, and with every activation durable on the disk, with
 * and without vector instructions. Every measurement is a process of its own, programs and modes take turns, and all must have computed
 * the same numbers. Run from the repository's root, see {@code examples/benchmarks/README.md}.
 */
@Command(name = "ExtractionBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ExtractionBenchmark implements Callable<Integer> {
    private static final List<String> MODES =
            List.of("bare", "bare, two at once", "captured", "durable", "durable" + Program.VECTOR);
    /** What the others need to keep everything in memory is in what they need to save it. */
    private static final List<String> PEERS_MODES = List.of("bare", "durable");

    private static final int SAMPLES = 3;
    private static final int PEERS_SAMPLES = 2;

    @Option(
            names = "--python",
            description = "Python with torch, transformers and transformer_lens, to measure them too")
    private @Nullable String python;

    @Option(names = "--tokens", split = ",", defaultValue = "128,512,1024", description = "tokens per prompt")
    private List<Integer> tokens = List.of();

    @Option(names = "--rounds", defaultValue = "2", description = "processes per program, mode and length")
    private int rounds;

    @Option(
            names = "--tokens-per-sample",
            defaultValue = "16384",
            description = "divided by the prompt's tokens: prompts per sample")
    private int tokensPerSample;

    @Option(names = "--work", description = "a folder on the disk to measure; the model and the runs go there, 14 GB")
    private @Nullable Path work;

    private final ObjectMapper json = new ObjectMapper();
    private final ExtractionPage page = new ExtractionPage();

    public static void main(String[] args) {
        System.exit(new CommandLine(new ExtractionBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = work == null
                ? Files.createTempDirectory("vitrine-benchmark")
                : Files.createDirectories(work).toAbsolutePath();
        Path model = folder.resolve("gpt2-small-random");
        if (!Files.exists(model)) {
            BenchmarkModel.write(model, BenchmarkModel.SMALL);
        }
        for (int length : tokens) {
            @Nullable JsonNode expected = null;
            for (int round = 0; round < rounds; round++) {
                for (String mode : MODES) {
                    for (Program program : Program.values()) {
                        boolean peer = python != null && PEERS_MODES.contains(mode);
                        if (program == Program.VITRINE || peer) {
                            JsonNode line = measure(program, mode, model, length, folder.resolve("run"));
                            page.of(length, program, mode).add(line);
                            expected = expected == null ? line.get("check") : expected;
                            compare(expected, line.get("check"), program + " " + mode);
                        }
                    }
                }
            }
        }
        page.print(System.out);
        return 0;
    }

    private JsonNode measure(Program program, String mode, Path model, int length, Path run)
            throws IOException, InterruptedException {
        int prompts = Math.max(1, tokensPerSample / length);
        String interpreter = python == null ? "" : python;
        List<String> command = program.command(
                interpreter, mode, model, length, prompts, program == Program.VITRINE ? SAMPLES : PEERS_SAMPLES, run);
        Path log = run.resolveSibling("measurement.log");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + "; see " + log);
        }
        System.err.println(program + " " + mode + " " + length + ": " + output.strip());
        return json.readTree(output.strip().lines().reduce("", (before, last) -> last));
    }

    private static void compare(JsonNode expected, JsonNode actual, String who) {
        for (int i = 0; i < expected.size(); i++) {
            double wanted = expected.get(i).asDouble();
            double found = actual.get(i).asDouble();
            if (!(Math.abs(found - wanted) <= 1e-4 + 1e-5 * Math.abs(wanted))) {
                throw new IllegalStateException(
                        who + ": activation " + i + " is " + found + "; expected " + wanted + " within 1e-4");
            }
        }
    }
}
