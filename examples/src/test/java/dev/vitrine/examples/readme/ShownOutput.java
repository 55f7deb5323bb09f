package dev.vitrine.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares output with what the README shows: the same words in the same lines, numbers within 0.002, because processors round a
 * forward pass differently in the sixth digit and the README shows three.
 */
final class ShownOutput {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+");
    private static final double TOLERANCE = 0.002;

    private ShownOutput() {}

    static void assertSame(String shown, String printed, String place) {
        assertThat(words(printed)).as("what %s prints:%n%s", place, printed).isEqualTo(words(shown));
        List<Double> expected = numbers(shown);
        List<Double> actual = numbers(printed);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Math.abs(actual.get(i) - expected.get(i)))
                    .as("number %s of %s, shown as %s", i, place, expected.get(i))
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    /** The text with every real number replaced by #, runs of blanks and rules by one, and blank lines left out. */
    private static String words(String text) {
        return NUMBER.matcher(text)
                .replaceAll("#")
                .lines()
                .map(line ->
                        line.replaceAll("-{2,}", "--").replaceAll("\\s+", " ").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static List<Double> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(match -> Double.parseDouble(match.group()))
                .toList();
    }
}
