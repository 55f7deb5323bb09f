package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The card says what the header of a golden reference says of its model. */
class ModelCardTest {
    static List<String> folders() throws IOException {
        return GoldenModelTest.folders().stream()
                .filter(folder -> !folder.startsWith("variants"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void saysWhatTheReferenceSays(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        JsonNode header = metadata(golden.reference());
        try (TransformerModel model = TransformerModel.open(golden.model().toString())) {
            ModelCard card = model.card();
            assertThat(card.name()).isEqualTo("model");
            assertThat(card.source()).isEqualTo(golden.model().toAbsolutePath().toString());
            assertThat(card.architecture()).isEqualTo(header.get("model_type").asText());
            assertThat(card.layers()).isEqualTo(header.get("layers").asInt());
            assertThat(card.heads()).isEqualTo(header.get("heads").asInt());
            assertThat(card.kvHeads()).isEqualTo(header.get("kv_heads").asInt());
            assertThat(card.dModel()).isEqualTo(header.get("d_model").asInt());
            assertThat(card.dHead()).isEqualTo(header.get("d_head").asInt());
            assertThat(card.dMlp()).isEqualTo(header.get("d_mlp").asInt());
            assertThat(card.norms()).isEqualTo(header.get("norms").asText());
            assertThat(card.maxPositions()).isEqualTo(64);
            assertThat(card.vocabSize())
                    .isGreaterThanOrEqualTo(model.tokenizer().size());
            assertThat(card.hasHead()).isEqualTo(!folder.equals("bert-base-prefixless"));
            assertThat(card.attention()).hasSize(card.layers());
            for (int layer = 0; layer < card.layers(); layer++) {
                AttentionRule rule = card.attention().get(layer);
                assertThat(rule.scale())
                        .isCloseTo(list(header, "scale").get(layer).asDouble(), within(1e-12));
                assertThat(rule.softcap()).isEqualTo(list(header, "softcap").asDouble(0));
                assertThat(mask(rule)).isEqualTo(list(header, "mask").get(layer).asText());
                assertThat(rule.window())
                        .isEqualTo(list(header, "window").get(layer).asInt(0));
                assertThat(rule.causal()).isEqualTo(card.causal());
            }
        }
    }

    private static String mask(AttentionRule rule) {
        return rule.window() > 0 ? "window" : rule.causal() ? "causal" : "none";
    }

    private static JsonNode list(JsonNode header, String key) throws IOException {
        return new JsonMapper().readTree(header.get(key).asText());
    }

    private static JsonNode metadata(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return new JsonMapper().readTree(bytes, 8, length).get("__metadata__");
    }
}
