package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDArray;
import com.sun.management.OperatingSystemMXBean;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what short prompts gain by sharing a forward pass, over lengths and numbers of tokens per pass, which take turns. Before
 * anything is timed, last hidden states of a shared pass are compared with those of prompts run alone.
 */
@Command(name = "ShortPromptsBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ShortPromptsBenchmark implements Callable<Integer> {
    private static final int TOKENS_PER_SAMPLE = 512;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Option(names = "--tokens", split = ",", defaultValue = "8,16,32,64,128", description = "tokens per prompt")
    private List<Integer> lengths = List.of();

    @Option(
            names = "--pass",
            split = ",",
            defaultValue = "0,64,128,256,512",
            description = "tokens that share a pass; 0: every prompt alone")
    private List<Integer> passes = List.of();

    @Option(names = "--rounds", defaultValue = "3", description = "samples of each")
    private int rounds;

    @Option(names = "--work", description = "a folder for the model, 0.5 GB")
    private @Nullable Path work;

    /** Tokens per second on the clock and per second of the processor's. */
    private record Sample(double clock, double processor) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new ShortPromptsBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Path folder = work == null ? Files.createTempDirectory("vitrine-benchmark") : Files.createDirectories(work);
        Path weights = folder.resolve("gpt2-small-random");
        if (!Files.exists(weights)) {
            BenchmarkModel.write(weights, BenchmarkModel.SMALL);
        }
        try (TransformerModel model = TransformerModel.open(weights.toString())) {
            System.out.printf(
                    "Machine: %s%n%nTokens/s, and in brackets per second of processor time%n%n| tokens per prompt |",
                    Machine.describe());
            passes.forEach(pass -> System.out.printf(" %s |", pass == 0 ? "alone" : pass + " per pass"));
            System.out.printf("%n|---|%s%n", "---|".repeat(passes.size()));
            for (int length : lengths) {
                compare(lastHidden(model, length, 1), lastHidden(model, length, TOKENS_PER_SAMPLE / length), length);
                measure(model, length);
            }
        }
        return 0;
    }

    private void measure(TransformerModel model, int length) {
        List<List<Sample>> samples = new ArrayList<>();
        passes.forEach(pass -> samples.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < passes.size(); i++) {
                samples.get(i).add(sample(model, length, Math.max(1, passes.get(i) / length)));
            }
        }
        System.out.printf("| %d |", length);
        for (List<Sample> of : samples) {
            System.out.printf(
                    Locale.ROOT,
                    " %.0f (%.0f) |",
                    median(of.stream().map(Sample::clock).toList()),
                    median(of.stream().map(Sample::processor).toList()));
        }
        System.out.println();
    }

    private static Sample sample(TransformerModel model, int length, int together) {
        long clock = System.nanoTime();
        long processor = SYSTEM.getProcessCpuTime();
        lastHidden(model, length, together);
        processor = SYSTEM.getProcessCpuTime() - processor;
        clock = System.nanoTime() - clock;
        return new Sample(1e9 * TOKENS_PER_SAMPLE / clock, 1e9 * TOKENS_PER_SAMPLE / processor);
    }

    /** Runs the prompts, so many in a pass; the last hidden state's last value of each. */
    private static List<Float> lastHidden(TransformerModel model, int length, int together) {
        int prompts = TOKENS_PER_SAMPLE / length;
        List<Float> values = new ArrayList<>(Collections.nCopies(prompts, Float.NaN));
        for (int first = 0; first < prompts; first += together) {
            List<BatchedPrompt> batch = new ArrayList<>();
            for (int prompt = first; prompt < Math.min(prompts, first + together); prompt++) {
                batch.add(new BatchedPrompt(BenchmarkModel.prompt(prompt, length), new Last(values, prompt)));
            }
            model.forward(batch);
        }
        return values;
    }

    private record Last(List<Float> values, int prompt) implements ActivationSink {
        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook == HookPoint.FINAL;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            long rows = activation.getShape().get(0);
            values.set(
                    prompt, activation.getFloat(rows - 1, activation.getShape().get(1) - 1));
        }
    }

    private static void compare(List<Float> alone, List<Float> together, int length) {
        for (int prompt = 0; prompt < alone.size(); prompt++) {
            float expected = alone.get(prompt);
            if (!(Math.abs(together.get(prompt) - expected) <= 1e-4 + 1e-5 * Math.abs(expected))) {
                throw new IllegalStateException("prompt " + prompt + " of " + length + " tokens: "
                        + together.get(prompt) + " in a shared pass; alone " + expected);
            }
        }
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().skip(numbers.size() / 2).findFirst().orElseThrow();
    }
}
