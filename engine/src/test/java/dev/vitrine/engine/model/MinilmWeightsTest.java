package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ONNX export of a BERT reads like its Hugging Face folder would. Values were read from the file's bytes by another program. */
class MinilmWeightsTest {
    private static final String UP = "encoder.layer.5.intermediate.dense.weight";

    private static ModelFolder folder;

    @BeforeAll
    static void unpack() {
        NativeLibraries.prepare();
        folder = ModelFolder.resolve("minilm");
    }

    @Test
    void everyWeightHasItsHuggingFaceName() {
        List<String> expected = new ArrayList<>(List.of(
                "embeddings.position_ids",
                "embeddings.word_embeddings.weight",
                "embeddings.position_embeddings.weight",
                "embeddings.token_type_embeddings.weight",
                "embeddings.LayerNorm.weight",
                "embeddings.LayerNorm.bias"));
        for (int layer = 0; layer < 6; layer++) {
            for (String module : List.of(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm")) {
                expected.add("encoder.layer." + layer + "." + module + ".weight");
                expected.add("encoder.layer." + layer + "." + module + ".bias");
            }
        }
        try (WeightSource source = WeightSource.open(folder.path())) {
            assertThat(source.names()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(source.place())
                    .isEqualTo(folder.path().resolve("model.onnx").toString());
        }
    }

    @Test
    void linearWeightsAreShownAsOutputByInput() {
        try (WeightSource source = WeightSource.open(folder.path());
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(source.shape(UP)).containsExactly(1536, 384);
            FloatBuffer floats = source.floats(UP);
            assertThat(floats.get(1 * 384 + 0)).isEqualTo(0.02142288f);
            assertThat(floats.get(1000 * 384 + 17)).isEqualTo(0.003173125f);
            assertThat(floats.get(1535 * 384 + 383)).isEqualTo(0.032631323f);
            NDArray array = source.array(UP, manager);
            assertThat(array.getShape()).isEqualTo(new Shape(1536, 384));
            assertThat(array.getFloat(1000, 17)).isEqualTo(0.003173125f);
            float[] values = new float[1536 * 384];
            floats.get(values);
            assertThat(array.toFloatArray()).isEqualTo(values);
        }
    }

    @Test
    void weightsWithNamesOfTheirOwnAreShownAsTheyAre() {
        try (WeightSource source = WeightSource.open(folder.path())) {
            assertThat(source.shape("embeddings.word_embeddings.weight")).containsExactly(30522, 384);
            FloatBuffer embeddings = source.floats("embeddings.word_embeddings.weight");
            assertThat(embeddings.get(101 * 384)).isEqualTo(-0.017619397f);
            assertThat(embeddings.get(30521 * 384 + 383)).isEqualTo(0.0045700637f);
            assertThat(embeddings.isDirect()).isTrue();
            assertThat(source.floats("encoder.layer.5.output.LayerNorm.bias").get(7))
                    .isEqualTo(0.014204052f);
        }
    }

    @Test
    void integersAreNamedButNotRead() {
        try (WeightSource source = WeightSource.open(folder.path())) {
            assertThat(source.shape("embeddings.position_ids")).containsExactly(1, 512);
            assertThatThrownBy(() -> source.floats("embeddings.position_ids"))
                    .isInstanceOf(VitrineException.class)
                    .hasMessage("tensor 'embeddings.position_ids' is of type I64; expected F32, F16 or BF16 ("
                            + source.place() + ")")
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.UNSUPPORTED_MODEL);
        }
    }
}
