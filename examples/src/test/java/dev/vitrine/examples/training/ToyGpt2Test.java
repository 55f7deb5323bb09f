package dev.vitrine.examples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToyGpt2Test {
    private static final Gpt2Shape SHAPE = new Gpt2Shape(3, 3, 24, 20, ToyVocabulary.SIZE, 13);

    @BeforeAll
    static void prepare() {
        NativeLibraries.prepare();
    }

    @Test
    void theEngineReadsWhatTrainingComputes(@TempDir Path folder) throws IOException {
        long[] ids = {0, 17, 45, 2, 101, 17, 45, 2, 90, 33, 33, 1, 64};
        float[] expected;
        try (NDManager manager = NDManager.newBaseManager();
                ToyGpt2 toy = new ToyGpt2(SHAPE, manager, 11)) {
            float[] oneHot = new float[ids.length * SHAPE.vocabulary()];
            for (int position = 0; position < ids.length; position++) {
                oneHot[position * SHAPE.vocabulary() + Math.toIntExact(ids[position])] = 1;
            }
            NDArray tokens = manager.create(oneHot, new Shape(1, ids.length, SHAPE.vocabulary()));
            expected = toy.logits(tokens, toy.weights()).toFloatArray();
            toy.write(folder);
        }
        Logits logits = new Logits();
        try (TransformerModel model = TransformerModel.open(folder.toString())) {
            model.forward(ids, logits);
        }
        assertThat(logits.values).containsExactly(expected, within(1e-5f));
    }

    @Test
    void theSameWeightsGiveTheSameBytes(@TempDir Path one, @TempDir Path two) throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                ToyGpt2 toy = new ToyGpt2(SHAPE, manager, 11)) {
            toy.write(one);
            toy.write(two);
        }
        for (String file :
                new String[] {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}) {
            assertThat(two.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
            assertThat(Files.size(one.resolve(file))).isPositive();
        }
    }

    private static final class Logits implements ActivationSink {
        private float[] values = {};

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook == HookPoint.LOGITS;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            values = activation.toFloatArray();
        }
    }
}
