package dev.vitrine.engine.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.NativeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationTest {
    private static final Path VALUES = Path.of("src/test/resources/goldens/activations.json");

    @TempDir
    private Path folder;

    @Test
    void everyNameGivesTheValuesOfTheReference() throws IOException {
        NativeLibraries.prepare();
        JsonNode values = new JsonMapper().readTree(VALUES.toFile());
        assertThat(values.size()).isEqualTo(14);
        float[] x = floats(values.get("x"));
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Map.Entry<String, JsonNode> entry : values.properties()) {
                if (!entry.getKey().equals("x")) {
                    NDArray result = activation(entry.getKey()).apply(manager.create(x));
                    assertThat(result.toFloatArray())
                            .as(entry.getKey())
                            .containsExactly(floats(entry.getValue()), within(1e-6f));
                    result.close();
                    assertThat(manager.getManagedArrays()).as(entry.getKey()).isEmpty();
                }
            }
        }
    }

    private Activation activation(String name) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"hidden_act\": \"" + name + "\"}");
        return Activation.of(ModelConfig.read(folder), "hidden_act", "relu");
    }

    private static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.get(i).floatValue();
        }
        return floats;
    }
}
