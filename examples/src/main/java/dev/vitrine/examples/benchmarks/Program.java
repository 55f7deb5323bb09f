package dev.vitrine.examples.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The programs compared. */
enum Program {
    VITRINE("Vitrine", "", 1),
    HUGGING_FACE("Hugging Face", "hf", 1.4),
    TRANSFORMER_LENS("TransformerLens", "tl", 2);

    /** How a mode ends in which Java has been given vector instructions. */
    static final String VECTOR = ", vector instructions";

    /** Java's heap is whole before the model is opened, so that what is taken after that is native memory. */
    private static final List<String> JAVA_OPTIONS =
            List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "--add-opens=java.base/java.nio=ALL-UNNAMED");

    private static final Path PEERS = Path.of("examples", "benchmarks", "extraction_peers.py");

    private final String title;
    private final String tool;
    private final double goal;

    Program(String title, String tool, double goal) {
        this.title = title;
        this.tool = tool;
        this.goal = goal;
    }

    String title() {
        return title;
    }

    /** How many times as fast as this program Vitrine wants to be. */
    double goal() {
        return goal;
    }

    /** Starts a process that measures this program. */
    List<String> command(String python, String mode, Path model, int tokens, int prompts, int samples, Path work) {
        List<String> command = new ArrayList<>();
        if (this == VITRINE) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JAVA_OPTIONS);
            if (mode.endsWith(VECTOR)) {
                command.add("--add-modules=jdk.incubator.vector");
            }
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(ExtractionMeasurement.class.getName());
        } else {
            command.add(python);
            command.add(PEERS.toString());
            command.add(tool);
        }
        command.add(mode.replace(VECTOR, ""));
        command.add(model.toString());
        for (int number : new int[] {tokens, prompts, samples}) {
            command.add(String.format(Locale.ROOT, "%d", number));
        }
        command.add(work.toString());
        return command;
    }
}
