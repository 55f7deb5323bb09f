package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations of every family equal the reference's: |a − b| ≤ 1e-4 + 1e-5·|b|, attention 2e-5. */
class GoldenModelTest {
    @ParameterizedTest
    @MethodSource("compared")
    void everyActivationEqualsTheReference(Path folder) throws IOException {
        Golden golden = new Golden(folder);
        try (Network network = Network.open(folder.getFileName().toString(), golden.model())) {
            assertThat(golden.compare(network)).isLessThanOrEqualTo(1);
        }
    }

    /** Prompts of several lengths, one token among them, and pairs of each length: no prompt sees another. */
    @ParameterizedTest
    @MethodSource("compared")
    void promptsThatShareAPassEqualTheReference(Path folder) throws IOException {
        Golden golden = new Golden(folder);
        try (Network network = Network.open(folder.getFileName().toString(), golden.model())) {
            assertThat(golden.comparePacked(network)).isLessThanOrEqualTo(1);
        }
    }

    static List<Path> compared() throws IOException {
        return folders(Golden.COMPARED);
    }

    /** The folders that come with the tests, as {@link Golden#of} takes them. */
    static List<String> folders() throws IOException {
        List<Path> folders = folders(Golden.ROOT);
        assertThat(folders).hasSizeGreaterThan(21 + 28);
        return folders.stream()
                .map(folder -> Golden.ROOT.relativize(folder).toString())
                .toList();
    }

    private static List<Path> folders(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 3)) {
            return files.filter(file -> file.endsWith("reference.safetensors"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }
}
