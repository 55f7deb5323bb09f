package dev.vitrine.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a benchmark ran on. */
public final class Machine {
    private Machine() {}

    /** Processor, cores, memory, system and Java, in a line. */
    public static String describe() throws IOException {
        return String.format(
                "%s, %d cores, %d GB, %s %s, Java %s",
                field(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                kilobytes(field(Path.of("/proc/meminfo"), "MemTotal", "0 kB")) >> 20,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version());
    }

    /** The most memory that this process has had resident, mapped files included; 0 where the system does not say (not Linux). */
    static long peakResidentBytes() throws IOException {
        return kilobytes(field(Path.of("/proc/self/status"), "VmHWM", "0 kB")) << 10;
    }

    /** The memory that this process has resident now; 0 where the system does not say. */
    static long residentBytes() throws IOException {
        return kilobytes(field(Path.of("/proc/self/status"), "VmRSS", "0 kB")) << 10;
    }

    /** The first value of a field in a file of {@code name: value} lines. */
    private static String field(Path file, String name, String otherwise) throws IOException {
        if (!Files.exists(file)) {
            return otherwise;
        }
        List<String> lines = Files.readAllLines(file);
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }

    private static long kilobytes(String value) {
        return Long.parseLong(value.substring(0, value.indexOf(' ')));
    }
}
