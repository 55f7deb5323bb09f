package dev.vitrine.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The results of {@link ExtractionBenchmark} as a Markdown page. */
final class ExtractionPage {
    private static final String DURABLE = "durable";
    /** Bytes of the model's weights. */
    private static final double WEIGHTS = BenchmarkModel.SMALL.tensors().values().stream()
            .mapToDouble(shape -> Float.BYTES * (double) Arrays.stream(shape).reduce(1, Math::multiplyExact))
            .sum();

    private final Map<Integer, Map<Program, Map<String, Measurement>>> measurements = new TreeMap<>();

    /** The measurement of a program, empty at first. */
    Measurement of(int tokens, Program program, String mode) {
        return measurements
                .computeIfAbsent(tokens, key -> new EnumMap<>(Program.class))
                .computeIfAbsent(program, key -> new TreeMap<>())
                .computeIfAbsent(mode, key -> new Measurement());
    }

    void print(PrintStream out) throws IOException {
        out.println(
                "Extraction from a model of GPT-2 small's shape: 12 layers, 12 heads, d_model 768, random weights, 498 MB\n");
        out.println("Machine: " + Machine.describe());
        out.println(
                "Opened with PyTorch's library loaded already. Peak memory is all that is resident, the weights' pages too.");
        out.println(
                "Vitrine's samples count after half a minute of the same, the just-in-time compiler's, where first is the"
                        + " first one; those of the others after one sample.");
        out.println(
                "Of its bare: for Vitrine the median of samples that took turns with the bare pass in one process; for the"
                        + " others of two processes.");
        measurements.values().stream()
                .flatMap(byProgram -> byProgram.values().stream())
                .flatMap(byMode -> byMode.values().stream())
                .map(Measurement::versions)
                .filter(versions -> !versions.isEmpty())
                .distinct()
                .forEach(versions -> out.println("Beside it: " + versions));
        out.println();
        out.println(
                "| tokens | program | mode | ms per prompt | fastest – slowest of | first | tokens/s | of its bare | peak MB"
                        + " | stored MB per prompt | open s |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        measurements.forEach((tokens, byProgram) ->
                byProgram.forEach((program, byMode) -> byMode.forEach((mode, measurement) -> out.printf(
                        Locale.ROOT,
                        "| %d | %s | %s | %.0f | %.0f – %.0f of %d | %s | %.0f | %.2f | %.0f | %s | %.2f |%n",
                        tokens,
                        program.title(),
                        mode,
                        1e3 * measurement.median(),
                        1e3 * measurement.fastest(),
                        1e3 * measurement.slowest(),
                        measurement.samples(),
                        number("%.0f", 1e3 * measurement.first()),
                        tokens / measurement.median(),
                        ofBare(tokens, program, measurement),
                        measurement.peak() / 1e6,
                        number("%.1f", measurement.stored() == 0 ? Double.NaN : measurement.stored() / 1e6),
                        measurement.opened()))));
        out.println("\n| goal | tokens | measured | met |\n|---|---|---|---|");
        measurements.forEach((tokens, byProgram) -> goals(out, tokens, byProgram.keySet()));
        double opened = measurements.values().stream()
                .flatMap(byProgram -> byProgram.getOrDefault(Program.VITRINE, Map.of()).values().stream())
                .mapToDouble(Measurement::opened)
                .max()
                .orElse(Double.NaN);
        goal(out, "the model's folder opens in less than 0.5 s, in the slowest mode", "", opened, "s", opened < 0.5);
        out.printf(
                Locale.ROOT,
                "%nThe bound of memory is twice what a prompt's activations take on the disk, and the weights. Measured against it is"
                        + " what is resident at the peak beyond what was before the model was opened: the weights' pages are in it; the"
                        + " virtual machine with a heap of 128 MB, touched from the start, and PyTorch's library are not.%n");
    }

    private void goals(PrintStream out, int tokens, Set<Program> programs) {
        for (String mode : List.of(DURABLE, DURABLE + Program.VECTOR)) {
            double ofBare = of(tokens, Program.VITRINE, mode).ofBare();
            goal(out, mode + ": runs at 0.9 of bare's speed", tokens, ofBare, "", ofBare >= 0.9);
        }
        Measurement ours = of(tokens, Program.VITRINE, DURABLE);
        for (Program program : programs) {
            if (program != Program.VITRINE) {
                Measurement theirs = of(tokens, program, DURABLE);
                double times = theirs.median() / ours.median();
                double memory = ours.peak() / theirs.peak();
                String title = program.title();
                goal(
                        out,
                        "durable is " + program.goal() + " times as fast as " + title,
                        tokens,
                        times,
                        "",
                        times >= program.goal());
                goal(out, "durable takes less memory than " + title, tokens, memory, "of it", memory < 1);
            }
        }
        double bound = 2 * ours.stored() + WEIGHTS;
        for (String mode : List.of("bare", "captured", DURABLE, DURABLE + Program.VECTOR)) {
            double taken = of(tokens, Program.VITRINE, mode).taken();
            goal(
                    out,
                    String.format(Locale.ROOT, "%s takes at most %.0f MB", mode, bound / 1e6),
                    tokens,
                    taken / 1e6,
                    "MB",
                    taken <= bound);
        }
    }

    private double ofBare(int tokens, Program program, Measurement measurement) {
        return program == Program.VITRINE
                ? measurement.ofBare()
                : of(tokens, program, "bare").median() / measurement.median();
    }

    /** Empty for NaN. */
    private static String number(String format, double number) {
        return Double.isNaN(number) ? "" : String.format(Locale.ROOT, format, number);
    }

    private static void goal(PrintStream out, String goal, Object tokens, double measured, String unit, boolean met) {
        out.printf(Locale.ROOT, "| %s | %s | %.2f %s | %s |%n", goal, tokens, measured, unit, met ? "yes" : "no");
    }
}
