package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every activation of every family equals the reference's: |a − b| ≤ 1e-4 + 1e-5·|b|, attention 2e-5. */
class GoldenModelTest {
    @ParameterizedTest
    @ValueSource(strings = {"bert", "bert-base-prefixless", "gpt2", "gpt2-prefixless", "gpt2-f16"})
    void everyActivationEqualsTheReference(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            double worst = golden.compare(network);
            System.out.printf("%s: %.3f of the tolerance%n", folder, worst);
            assertThat(worst).isLessThanOrEqualTo(1);
        }
    }
}
