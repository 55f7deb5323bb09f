package dev.vitrine.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The results of {@link ExtractionBenchmark} as a Markdown page. */
final class ExtractionPage {
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
        measurements.values().stream()
                .flatMap(byProgram -> byProgram.values().stream())
                .flatMap(byMode -> byMode.values().stream())
                .map(Measurement::versions)
                .filter(versions -> !versions.isEmpty())
                .distinct()
                .forEach(versions -> out.println("Beside it: " + versions));
        out.println();
        out.println(
                "| tokens | program | mode | ms per prompt | fastest – slowest of | tokens/s | of its bare | peak MB"
                        + " | stored MB per prompt | open s |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        measurements.forEach((tokens, byProgram) ->
                byProgram.forEach((program, byMode) -> byMode.forEach((mode, measurement) -> out.printf(
                        Locale.ROOT,
                        "| %d | %s | %s | %.0f | %.0f – %.0f of %d | %.0f | %.2f | %.0f | %s | %.2f |%n",
                        tokens,
                        program.title(),
                        mode,
                        1e3 * measurement.median(),
                        1e3 * measurement.fastest(),
                        1e3 * measurement.slowest(),
                        measurement.samples(),
                        tokens / measurement.median(),
                        of(tokens, program, "bare").median() / measurement.median(),
                        measurement.peak() / 1e6,
                        measurement.stored() == 0 ? "" : String.format(Locale.ROOT, "%.1f", measurement.stored() / 1e6),
                        measurement.opened()))));
        out.println();
        measurements.forEach((tokens, byProgram) -> {
            Measurement ours = of(tokens, Program.VITRINE, "durable");
            byProgram.keySet().stream()
                    .filter(program -> program != Program.VITRINE)
                    .forEach(program -> {
                        Measurement theirs = of(tokens, program, "durable");
                        out.printf(
                                Locale.ROOT,
                                "%d tokens, everything kept and durable: Vitrine is %.2f times as fast as %s, in %.2f of its"
                                        + " memory and %.2f of its disk%n",
                                tokens,
                                theirs.median() / ours.median(),
                                program.title(),
                                ours.peak() / theirs.peak(),
                                ours.stored() / theirs.stored());
                    });
        });
    }
}
