package dev.vitrine.sql.tensor;

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
 * A run of random numbers. Weights are multiples of 1/64 from 0 to 1, so that sums of a few are exact in any order.
 *
 * @param lengths tokens of each prompt
 * @param layers the layers kept
 * @param odd weights to put in here and there, e.g. NaN
 * @param attention whether weights are stored, or computed from queries and keys
 */
record RandomRun(
        String name,
        ModelCard model,
        List<Integer> lengths,
        List<Integer> layers,
        List<Float> odd,
        AttentionForm attention) {
    static final List<String> VOCABULARY = List.of("<s>", "the", "cat", "sat", "on", "mat", "a", "é");
    private static final Set<HookPoint> HOOKS =
            Set.of(HookPoint.Q, HookPoint.K, HookPoint.V, HookPoint.ATTENTION, HookPoint.RESID_POST, HookPoint.MLP_ACT);

    static RandomRun of(String name, boolean causal, int layers, int heads, int kvHeads, Integer... lengths) {
        AttentionRule rule = new AttentionRule(0.5, causal, 0, 0);
        ModelCard model = new ModelCard(
                "model-" + name,
                "/nowhere",
                causal ? "gpt2" : "bert",
                causal ? "decoder" : "encoder",
                layers,
                heads,
                kvHeads,
                heads * 4,
                4,
                6,
                VOCABULARY.size(),
                4096,
                "pre",
                false,
                Collections.nCopies(layers, rule),
                null);
        List<Integer> kept = IntStream.range(0, layers).boxed().toList();
        return new RandomRun(name, model, List.of(lengths), kept, List.of(), AttentionForm.STORED);
    }

    RandomRun withLayers(Integer... kept) {
        return new RandomRun(name, model, lengths, List.of(kept), odd, attention);
    }

    RandomRun withOdd(Float... weights) {
        return new RandomRun(name, model, lengths, layers, List.of(weights), attention);
    }

    RandomRun derived() {
        return new RandomRun(name, model, lengths, layers, odd, AttentionForm.DERIVED);
    }

    void write(Path store, long seed) {
        Random random = new Random(seed);
        NativeLibraries.prepare();
        RunPlan plan = new RunPlan(name, model, HOOKS, layers, seed, attention, FloatType.FLOAT32);
        try (RunWriter writer = RunWriter.create(store, plan, VOCABULARY);
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (int length : lengths) {
                PromptWriter prompt = begin(writer, length, random);
                for (int layer : layers) {
                    for (HookPoint hook : HookPoint.values()) {
                        if (HOOKS.contains(hook) && prompt.wants(hook, layer)) {
                            Shape shape = shape(hook, length);
                            float[] numbers = numbers(hook, shape, random);
                            prompt.accept(
                                    hook, layer, manager.create(numbers, shape).duplicate());
                        }
                    }
                }
                prompt.commit();
            }
            writer.finish();
        }
    }

    private static PromptWriter begin(RunWriter writer, int length, Random random) {
        String[] words = new String[length];
        long[] ids = new long[length];
        boolean[] special = new boolean[length];
        for (int pos = 0; pos < length; pos++) {
            ids[pos] = pos == 0 ? 0 : random.nextInt(VOCABULARY.size());
            words[pos] = VOCABULARY.get((int) ids[pos]);
            special[pos] = ids[pos] == 0;
        }
        Map<String, String> labels =
                random.nextInt(3) == 0 ? Map.of() : Map.of("kind", random.nextBoolean() ? "x" : "y");
        return requireNonNull(writer.begin(String.join(" ", words), labels, new TokenizedPrompt(ids, words, special)));
    }

    private Shape shape(HookPoint hook, int n) {
        return switch (hook) {
            case Q -> new Shape(model.heads(), n, model.dHead());
            case K, V -> new Shape(model.kvHeads(), n, model.dHead());
            case ATTENTION -> new Shape(model.heads(), n, n);
            case MLP_ACT -> new Shape(1, n, model.dMlp());
            default -> new Shape(1, n, model.dModel());
        };
    }

    private float[] numbers(HookPoint hook, Shape shape, Random random) {
        float[] numbers = new float[(int) shape.size()];
        int n = (int) shape.get(1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    hook == HookPoint.ATTENTION ? weight(i / n % n, i % n, random) : (random.nextInt(65) - 32) / 16f;
        }
        return numbers;
    }

    private float weight(int query, int key, Random random) {
        if (model.causal() && key > query) {
            return 0;
        }
        return !odd.isEmpty() && random.nextInt(9) == 0
                ? odd.get(random.nextInt(odd.size()))
                : random.nextInt(65) / 64f;
    }
}
