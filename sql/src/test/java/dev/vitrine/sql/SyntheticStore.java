package dev.vitrine.sql;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Runs of closed-form numbers, so that what a query must give can be worked out by hand.
 *
 * <p>Run {@code alpha}: a decoder of 2 layers, 4 query heads on 2 kv heads, d_model 3, d_head 2, d_mlp 5; prompts {@code a b c a b c}, of
 * 6 tokens and period 3, and {@code b}, of 1. Head h of both layers attends: 0 evenly to all it may see; 1 to itself; 2 to the token
 * before, the first to itself; 3 to the token after the previous copy, at q − 3 + 1, as long as there is one, else to token 0.
 *
 * <p>Run {@code beta}: an encoder of 1 layer, 3 heads, d_model 2, d_head 1, d_mlp 4, whose heads attend evenly to all; one prompt of 5 tokens.
 *
 * <p>A vector of any hook has element d = 100·layer + 10·head + pos + d/8; a neuron is −1 raised to (pos + neuron), times neuron.
 */
final class SyntheticStore {
    static final List<String> VOCABULARY = List.of("<s>", "a", "b", "c", "é");
    private static final Set<HookPoint> HOOKS = EnumSet.range(HookPoint.Q, HookPoint.MLP_ACT);

    private SyntheticStore() {}

    static void write(Path store) {
        NativeLibraries.prepare();
        write(store, "alpha", card("tiny-decoder", "decoder", 2, 4, 2, 3, 2, 5), List.of("a b c a b c", "b"));
        write(store, "beta", card("tiny-encoder", "encoder", 1, 3, 3, 2, 1, 4), List.of("<s> a é b <s>"));
    }

    static ModelCard card(
            String name, String kind, int layers, int heads, int kvHeads, int dModel, int dHead, int dMlp) {
        AttentionRule rule = new AttentionRule(1 / Math.sqrt(dHead), kind.equals("decoder"), 0, 0);
        return new ModelCard(
                name,
                "/nowhere/" + name,
                kind.equals("decoder") ? "gpt2" : "bert",
                kind,
                layers,
                heads,
                kvHeads,
                dModel,
                dHead,
                dMlp,
                VOCABULARY.size(),
                64,
                "pre",
                false,
                Collections.nCopies(layers, rule),
                null);
    }

    /** Writes a run of prompts whose tokens are the vocabulary's, parted by blanks. */
    static void write(Path store, String run, ModelCard model, List<String> prompts) {
        List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
        RunPlan plan = new RunPlan(run, model, HOOKS, layers, 7L, AttentionForm.STORED, FloatType.FLOAT32);
        try (RunWriter writer = RunWriter.create(store, plan, VOCABULARY);
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (String text : prompts) {
                String[] words = text.split(" ", -1);
                long[] ids = new long[words.length];
                boolean[] special = new boolean[words.length];
                for (int pos = 0; pos < words.length; pos++) {
                    ids[pos] = VOCABULARY.indexOf(words[pos]);
                    special[pos] = ids[pos] == 0;
                }
                PromptWriter prompt = requireNonNull(writer.begin(
                        text, Map.of("words", "" + words.length), new TokenizedPrompt(ids, words, special)));
                for (int layer = 0; layer < model.layers(); layer++) {
                    for (HookPoint hook : HOOKS) {
                        if (prompt.wants(hook, layer)) {
                            Shape shape = shape(model, hook, words.length);
                            prompt.accept(
                                    hook,
                                    layer,
                                    manager.create(numbers(model, hook, layer, shape), shape)
                                            .duplicate());
                        }
                    }
                }
                prompt.commit();
            }
            writer.finish();
        }
    }

    private static Shape shape(ModelCard model, HookPoint hook, int n) {
        return switch (hook) {
            case Q -> new Shape(model.heads(), n, model.dHead());
            case K, V -> new Shape(model.kvHeads(), n, model.dHead());
            case ATTENTION -> new Shape(model.heads(), n, n);
            case MLP_ACT -> new Shape(1, n, model.dMlp());
            default -> new Shape(1, n, model.dModel());
        };
    }

    private static float[] numbers(ModelCard model, HookPoint hook, int layer, Shape shape) {
        int n = (int) shape.get(1);
        int width = (int) shape.get(2);
        float[] numbers = new float[(int) shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            int head = i / (n * width);
            int pos = i / width % n;
            int d = i % width;
            numbers[i] = switch (hook) {
                case ATTENTION -> weight(model.causal(), head, n, pos, d);
                case MLP_ACT -> ((pos + d) % 2 == 0 ? 1 : -1) * d;
                default -> 100 * layer + 10 * head + pos + d / 8f;
            };
        }
        return numbers;
    }

    private static float weight(boolean causal, int head, int n, int query, int key) {
        if (!causal) {
            return 1f / n;
        }
        return switch (head) {
            case 0 -> key <= query ? 1f / (query + 1) : 0;
            case 1 -> key == query ? 1 : 0;
            case 2 -> key == Math.max(query - 1, 0) ? 1 : 0;
            default -> key == (query < 3 ? 0 : query - 2) ? 1 : 0;
        };
    }
}
