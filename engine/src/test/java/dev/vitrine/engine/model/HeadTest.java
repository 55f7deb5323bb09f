package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits and unembedding outside a forward pass. */
class HeadTest {
    static List<String> folders() throws IOException {
        return GoldenModelTest.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void logitsFollowFromTheLastResidualStream(String folder) throws IOException {
        Golden golden = Golden.of(folder);
        try (Network network = Network.open(folder, golden.model())) {
            long[] ids = golden.longestPrompt();
            KeptActivations kept = KeptActivations.all(network, ids);
            int last = network.architecture().blocks().size() - 1;
            float[] stream = kept.get(HookPoint.RESID_POST, last);
            if (network.architecture().head() == null) {
                assertThatThrownBy(() -> network.logits(stream, ids.length))
                        .isInstanceOfSatisfying(
                                VitrineException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                        .hasMessage("model has no language-model head, so there are no logits; expected one saved with"
                                + " its head (model " + folder + ")");
                return;
            }
            assertThat(network.logits(stream, ids.length)).isEqualTo(kept.get(HookPoint.LOGITS, 0));
            int width = network.architecture().modelWidth();
            float[] row = Arrays.copyOfRange(stream, (ids.length - 1) * width, ids.length * width);
            float[] expected = kept.get(HookPoint.LOGITS, 0);
            int vocabulary = network.architecture().embedding().tokens().rows();
            float[] actual = network.logits(row, 1);
            for (int i = 0; i < vocabulary; i++) {
                assertThat(actual[i]).isCloseTo(expected[(ids.length - 1) * vocabulary + i], within(1e-4f));
            }
        }
    }

    @Test
    void unembeddingIsTheProductWithTheTokenTableWhereTheTwoAreTied() throws IOException {
        try (Network network = Network.open("gpt2", Golden.of("gpt2").model())) {
            WeightMatrix tokens = network.weights().get(0);
            assertThat(tokens.matrix()).isEqualTo("W_E");
            float[] vector = new float[tokens.columns()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (i * 7 % 11) / 5f - 1;
            }
            float[] logits = network.unembed(vector);
            assertThat(logits).hasSize(tokens.rows());
            float[] row = new float[vector.length];
            for (int token = 0; token < tokens.rows(); token++) {
                tokens.row(token, row);
                double dot = 0;
                for (int i = 0; i < row.length; i++) {
                    dot += (double) row[i] * vector[i];
                }
                assertThat((double) logits[token]).isCloseTo(dot, within(1e-5));
            }
        }
    }

    /** As LlamaForQuestionAnswering is saved: the same base model under another name. */
    @Test
    void aHeadForQuestionAnsweringChangesNoActivation(@TempDir Path folder) throws IOException {
        Path model = Golden.of("llama").model();
        Files.copy(model.resolve("config.json"), folder.resolve("config.json"));
        SafetensorsFile renamed = new SafetensorsFile();
        try (WeightSource source = WeightSource.open(model)) {
            for (String name : source.names()) {
                if (name.startsWith("model.")) {
                    FloatBuffer floats = source.floats(name);
                    float[] values = new float[floats.remaining()];
                    floats.get(values);
                    renamed.float32(name.replaceFirst("model", "transformer"), source.shape(name), values);
                }
            }
        }
        renamed.write(folder.resolve("model.safetensors"), 0);
        try (Network plain = Network.open("llama", model);
                Network answering = Network.open("llama", folder)) {
            assertThat(lastHiddenState(answering)).isEqualTo(lastHiddenState(plain));
            assertThat(answering.architecture().head()).isNull();
        }
    }

    private static float[] lastHiddenState(Network network) {
        List<float[]> taken = new ArrayList<>();
        network.forward(new long[] {1, 5, 2}, new ActivationSink() {
            @Override
            public boolean wants(HookPoint hook, int layer) {
                return hook == HookPoint.FINAL;
            }

            @Override
            public void accept(HookPoint hook, int layer, NDArray activation) {
                taken.add(activation.toFloatArray());
            }
        });
        return taken.get(0);
    }

    @Test
    void unembeddingLeavesBiasAndCapOut() throws IOException {
        for (String folder : List.of("phi", "gemma2", "bert", "bert-base-prefixless", "albert")) {
            try (Network network = Network.open(folder, Golden.of(folder).model())) {
                int width = network.architecture().embedding().tokens().columns();
                assertThat(network.unembed(new float[width])).containsOnly(0f);
            }
        }
    }

    @Test
    void unembeddingTakesModelWidthThroughAnOutputProjection() throws IOException {
        try (Network network =
                Network.open("opt", Golden.of("variants/opt-post-norm").model())) {
            float[] stream = new float[6];
            stream[3] = 1;
            assertThat(network.unembed(stream)).isEqualTo(network.logits(stream, 1));
        }
    }

    @Test
    void vectorsOfAnotherLengthAreRefused() throws IOException {
        try (Network network = Network.open("gpt2", Golden.of("gpt2").model())) {
            assertThatThrownBy(() -> network.unembed(new float[10]))
                    .isInstanceOfSatisfying(
                            VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                    .hasMessage("vector has 10 values; expected 9, what the unembedding matrix takes (model gpt2)");
            assertThatThrownBy(() -> network.logits(new float[17], 2))
                    .hasMessage("resid_post has 17 values; expected 2 rows of 9 (model gpt2)");
        }
    }
}
