package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
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
    void everyActivationEqualsTheReference(Golden golden) throws IOException {
        try (Network network = Network.open("golden", golden.model())) {
            assertThat(golden.compare(network)).isLessThanOrEqualTo(1);
        }
    }

    /** Prompts of several lengths, one token among them, and pairs of each length: no prompt sees another. */
    @ParameterizedTest
    @MethodSource("compared")
    void promptsThatShareAPassEqualTheReference(Golden golden) throws IOException {
        try (Network network = Network.open("golden", golden.model())) {
            assertThat(golden.comparePacked(network)).isLessThanOrEqualTo(1);
        }
    }

    /** As a long prompt's heads and queries are, which are many in no golden; two is no divisor of most lengths. */
    @ParameterizedTest
    @MethodSource("compared")
    void attentionInPartsEqualsTheReference(Golden golden) throws IOException {
        try (Network network = Network.open("golden", golden.model())) {
            assertThat(golden.compareInParts(network, 1)).isLessThanOrEqualTo(1);
            assertThat(golden.compareInParts(network, 2)).isLessThanOrEqualTo(1);
        }
    }

    /** What a sweep over settings says must not be read, each with what the message must contain. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("refused")
    void whatIsNotReadIsRefusedByName(Path folder) throws IOException {
        assertThatThrownBy(() -> Network.open("golden", folder.resolve("model")).close())
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining(Files.readString(folder.resolve("refused.txt")));
    }

    static List<Golden> compared() throws IOException {
        return Golden.compared();
    }

    static List<Path> refused() throws IOException {
        try (Stream<Path> files = Files.walk(Golden.COMPARED, 3)) {
            return files.filter(file -> file.endsWith("refused.txt"))
                    .map(file -> file.resolveSibling(""))
                    .sorted()
                    .toList();
        }
    }

    /** The folders that come with the tests, as {@link Golden#of} takes them. */
    static List<String> folders() throws IOException {
        return Golden.own().stream().map(Golden::name).toList();
    }
}
