package dev.vitrine.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What all processes that measured one program, mode and length have said, in the order in which they ran. */
final class Measurement {
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> opened = new ArrayList<>();
    private final List<Double> first = new ArrayList<>();
    private final List<Double> bare = new ArrayList<>();
    private double peak;
    private double taken;
    private double stored;
    private String versions = "";

    /** Adds the line that a process printed. */
    void add(JsonNode line) {
        line.get("seconds").forEach(sample -> seconds.add(sample.asDouble()));
        line.path("bare").forEach(sample -> bare.add(sample.asDouble()));
        if (line.has("first")) {
            first.add(line.get("first").asDouble());
        }
        opened.add(line.get("open").asDouble());
        peak = Math.max(peak, line.get("peak").asDouble());
        taken = Math.max(taken, line.get("peak").asDouble() - line.path("base").asDouble());
        stored = line.path("stored").asDouble();
        versions = line.path("versions").asText();
    }

    int samples() {
        return seconds.size();
    }

    /** Seconds per prompt. */
    double median() {
        return median(seconds);
    }

    /** Seconds per prompt of a process's first sample, the median; NaN where that is not told apart. */
    double first() {
        return first.isEmpty() ? Double.NaN : median(first);
    }

    /** Its speed as a share of the bare pass's in the same process, in turns, the median; NaN where that was not measured. */
    double ofBare() {
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < bare.size(); i++) {
            shares.add(bare.get(i) / seconds.get(i));
        }
        return shares.isEmpty() ? Double.NaN : median(shares);
    }

    double fastest() {
        return Collections.min(seconds);
    }

    double slowest() {
        return Collections.max(seconds);
    }

    /** Seconds to open the model, the median. */
    double opened() {
        return median(opened);
    }

    /** Bytes resident at most, of any process. */
    double peak() {
        return peak;
    }

    /** Bytes resident at most beyond those before the model was opened, of any process. */
    double taken() {
        return taken;
    }

    /** Bytes on the disk per prompt; 0 where nothing is stored. */
    double stored() {
        return stored;
    }

    String versions() {
        return versions;
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
