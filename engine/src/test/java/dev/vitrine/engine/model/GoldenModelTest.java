package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every activation of every family equals the reference's: |a − b| ≤ 1e-4 + 1e-5·|b|, attention 2e-5. */
class GoldenModelTest {
    @ParameterizedTest
    @MethodSource("folders")
    void everyActivationEqualsTheReference(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            double worst = golden.compare(network);
            assertThat(worst).isLessThanOrEqualTo(1);
        }
    }

    /** Prompts of several lengths, one token among them, and pairs of each length: no prompt sees another. */
    @ParameterizedTest
    @MethodSource("folders")
    void promptsThatShareAPassEqualTheReference(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            double worst = golden.comparePacked(network);
            assertThat(worst).isLessThanOrEqualTo(1);
        }
    }

    static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.walk(Golden.ROOT, 3)) {
            List<String> folders = files.filter(file -> file.endsWith("reference.safetensors"))
                    .map(file -> Golden.ROOT.relativize(file.getParent()).toString())
                    .sorted()
                    .toList();
            assertThat(folders).hasSizeGreaterThan(21 + 28);
            return folders;
        }
    }
}
