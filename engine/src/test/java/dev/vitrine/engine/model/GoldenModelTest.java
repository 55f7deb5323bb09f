package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every activation of every family equals the reference's: |a − b| ≤ 1e-4 + 1e-5·|b|, attention 2e-5. */
class GoldenModelTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "bert-base-prefixless",
                "distilbert",
                "electra",
                "gemma2",
                "gpt-neo",
                "gpt-neox",
                "gpt2",
                "gpt2-f16",
                "gpt2-prefixless",
                "llama",
                "llama-sharded-bf16",
                "llama-v4-config",
                "mistral",
                "opt",
                "phi",
                "qwen2",
                "qwen3",
                "roberta",
                "xlm-roberta"
            })
    void everyActivationEqualsTheReference(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            double worst = golden.compare(network);
            assertThat(worst).isLessThanOrEqualTo(1);
        }
    }
}
