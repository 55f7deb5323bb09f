package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** minilm's last hidden state is that of the ONNX graph itself, run by onnxruntime, within 1e-4: both compute in float32. */
class MinilmForwardTest {
    private static final double TOLERANCE = 1e-4;

    private static final List<String> SENTENCES = List.of(
            "",
            "Yes.",
            "The cat sat on the mat.",
            "Attention is a weighted mean of values.",
            "Transformers map one sequence of vectors to another, layer by layer.",
            "Né à Łódź, il écrit 😺 猫 and 123,456.78 % of nothing!",
            "When Mary and John went to the store, John gave a drink to Mary, who had not asked for one.",
            "the ".repeat(63),
            "A prompt of more than one hundred and twenty-eight tokens is not cut. ".repeat(12),
            "word ".repeat(510));

    @Test
    void theLastHiddenStateIsOnnxruntimes() throws OrtException {
        Path onnx = ModelFolder.resolve("minilm").path().resolve("model.onnx");
        try (TransformerModel model = TransformerModel.open("minilm");
                OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession session = environment.createSession(onnx.toString(), oneThread())) {
            for (String sentence : SENTENCES) {
                long[] ids = model.tokenizer().encode(sentence).ids();
                float[][] reference = lastHiddenState(environment, session, ids);
                float[][] ours = lastHiddenState(model, ids);
                assertThat(ours).as(sentence).hasDimensions(ids.length, 384);
                assertThat(largestDifference(ours, reference))
                        .as("%d tokens: %s", ids.length, sentence)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    /** Idle threads of a pool would spin on the cores that the forward pass needs. */
    private static OrtSession.SessionOptions oneThread() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        return options;
    }

    private static float[][] lastHiddenState(TransformerModel model, long[] ids) {
        float[][] rows = new float[ids.length][];
        model.forward(ids, new ActivationSink() {
            @Override
            public boolean wants(HookPoint hook, int layer) {
                return hook == HookPoint.FINAL;
            }

            @Override
            public void accept(HookPoint hook, int layer, NDArray activation) {
                float[] values = activation.toFloatArray();
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = Arrays.copyOfRange(values, row * 384, (row + 1) * 384);
                }
            }
        });
        return rows;
    }

    private static float[][] lastHiddenState(OrtEnvironment environment, OrtSession session, long[] ids)
            throws OrtException {
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, new long[][] {ids});
                OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {ones});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {new long[ids.length]});
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
            return ((float[][][]) result.get(0).getValue())[0];
        }
    }

    private static double largestDifference(float[][] one, float[][] other) {
        double largest = 0;
        for (int row = 0; row < one.length; row++) {
            for (int column = 0; column < one[row].length; column++) {
                largest = Math.max(largest, Math.abs(one[row][column] - other[row][column]));
            }
        }
        return largest;
    }
}
