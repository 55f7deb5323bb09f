package dev.vitrine.examples.benchmarks.sql;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.model.AttentionRule;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TokenizedPrompt;
import dev.vitrine.engine.store.AttentionForm;
import dev.vitrine.engine.store.FloatType;
import dev.vitrine.engine.store.PromptWriter;
import dev.vitrine.engine.store.RunPlan;
import dev.vitrine.engine.store.RunWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A store of made-up activations of a decoder: each row of attention is a causal softmax of normal logits, queries and keys are normal.
 * Real weights are more alike from row to row than these, and compress better or worse: that is not known.
 */
record BenchmarkStore(int prompts, int layers, int heads, int tokens, int dHead) {
    private static final int WORDS = 1000;

    /** Writes the run {@code bench}. */
    void write(Path store) {
        NativeLibraries.prepare();
        List<String> vocabulary =
                IntStream.range(0, WORDS).mapToObj(word -> "w" + word).toList();
        Set<HookPoint> hooks = Set.of(HookPoint.ATTENTION, HookPoint.Q, HookPoint.K);
        List<Integer> kept = IntStream.range(0, layers).boxed().toList();
        RunPlan plan = new RunPlan("bench", model(), hooks, kept, 42L, AttentionForm.STORED, FloatType.FLOAT32);
        Random random = new Random(42);
        try (RunWriter writer = RunWriter.create(store, plan, vocabulary);
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (int prompt = 0; prompt < prompts; prompt++) {
                long[] ids = random.ints(tokens, 0, WORDS).asLongStream().toArray();
                String[] words = new String[tokens];
                for (int pos = 0; pos < tokens; pos++) {
                    words[pos] = vocabulary.get((int) ids[pos]);
                }
                PromptWriter begun = requireNonNull(writer.begin(
                        "prompt " + prompt, Map.of(), new TokenizedPrompt(ids, words, new boolean[tokens])));
                for (int layer = 0; layer < layers; layer++) {
                    Shape vectors = new Shape(heads, tokens, dHead);
                    begun.accept(
                            HookPoint.Q,
                            layer,
                            manager.create(normal(vectors, random), vectors).duplicate());
                    begun.accept(
                            HookPoint.K,
                            layer,
                            manager.create(normal(vectors, random), vectors).duplicate());
                    Shape square = new Shape(heads, tokens, tokens);
                    begun.accept(
                            HookPoint.ATTENTION,
                            layer,
                            manager.create(softmax(random), square).duplicate());
                }
                begun.commit();
            }
            writer.finish();
        }
    }

    private ModelCard model() {
        AttentionRule rule = new AttentionRule(1 / Math.sqrt(dHead), true, 0, 0);
        return new ModelCard(
                "synthetic",
                "generated",
                "gpt2",
                "decoder",
                layers,
                heads,
                heads,
                heads * dHead,
                dHead,
                4 * heads * dHead,
                WORDS,
                tokens,
                "pre",
                false,
                Collections.nCopies(layers, rule),
                null);
    }

    private static float[] normal(Shape shape, Random random) {
        float[] numbers = new float[(int) shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** [heads, tokens, tokens]. */
    private float[] softmax(Random random) {
        float[] weights = new float[heads * tokens * tokens];
        for (int row = 0; row < heads * tokens; row++) {
            int seen = row % tokens + 1;
            double sum = 0;
            for (int key = 0; key < seen; key++) {
                double e = Math.exp(2 * random.nextGaussian());
                weights[row * tokens + key] = (float) e;
                sum += e;
            }
            for (int key = 0; key < seen; key++) {
                weights[row * tokens + key] /= (float) sum;
            }
        }
        return weights;
    }
}
