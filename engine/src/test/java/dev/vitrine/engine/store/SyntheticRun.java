package dev.vitrine.engine.store;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.model.AttentionRule;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TokenizedPrompt;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes runs whose every number follows from where it stands, through the sink that a model writes to. */
final class SyntheticRun {
    static final List<String> VOCABULARY = List.of("[CLS]", "Ġcat", "##at", "猫", "");
    static final Set<HookPoint> ALL = EnumSet.range(HookPoint.Q, HookPoint.MLP_ACT);

    static {
        NativeLibraries.prepare();
    }

    private SyntheticRun() {}

    static ModelCard card(String kind, int layers, int heads, int kvHeads, int dModel, int dHead, int dMlp) {
        AttentionRule rule = new AttentionRule(1 / Math.sqrt(dHead), kind.equals("decoder"), 0, 0);
        return new ModelCard(
                "synthetic",
                "/nowhere",
                kind.equals("decoder") ? "gpt2" : "bert",
                kind,
                layers,
                heads,
                kvHeads,
                dModel,
                dHead,
                dMlp,
                VOCABULARY.size(),
                1 << 20,
                "pre",
                true,
                Collections.nCopies(layers, rule),
                null);
    }

    static RunPlan plan(String run, ModelCard model) {
        List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
        return new RunPlan(run, model, ALL, layers, null, AttentionForm.STORED, FloatType.FLOAT32);
    }

    /** A number that no other place of the run is likely to have, within (0, 1), exact in float32. */
    static float number(HookPoint hook, int prompt, int layer, long index) {
        long hash = (hook.name().hashCode() + 1000L * (layer + 64L * prompt)) * 0x9E3779B97F4A7C15L
                + index * 0xC2B2AE3D27D4EB4FL;
        hash ^= hash >>> 29;
        hash *= 0xBF58476D1CE4E5B9L;
        return ((hash >>> 41) + 1) * 0x1p-24f;
    }

    static void write(Path store, RunPlan plan, int... lengths) {
        try (RunWriter writer = RunWriter.create(store, plan, VOCABULARY)) {
            for (int prompt = 0; prompt < lengths.length; prompt++) {
                prompt(writer, plan, prompt, lengths[prompt]);
            }
            writer.finish();
        }
    }

    /** Writes a prompt; false if it was written before. */
    static boolean prompt(RunWriter writer, RunPlan plan, int prompt, int n) {
        PromptWriter begun = begin(writer, prompt, n);
        if (begun == null) {
            return false;
        }
        for (int layer = 0; layer < plan.model().layers(); layer++) {
            layer(begun, plan, prompt, n, layer);
        }
        begun.commit();
        return true;
    }

    static @Nullable PromptWriter begin(RunWriter writer, int prompt, int n) {
        long[] ids = new long[n];
        String[] words = new String[n];
        boolean[] special = new boolean[n];
        for (int pos = 0; pos < n; pos++) {
            ids[pos] = ((long) prompt + pos) % VOCABULARY.size();
            words[pos] = VOCABULARY.get((int) ids[pos]);
            special[pos] = pos % 3 == 0;
        }
        Map<String, String> labels = prompt % 2 == 0 ? Map.of("kind", "even", "number", "" + prompt) : Map.of();
        return writer.begin("prompt " + prompt + " ✓", labels, new TokenizedPrompt(ids, words, special));
    }

    /** Gives a prompt what the model makes of it in one layer. */
    static void layer(PromptWriter begun, RunPlan plan, int prompt, int n, int layer) {
        layer(begun, plan, prompt, n, layer, plan.model().heads(), n);
    }

    /**
     * The same with attention in parts of so many heads, and so many queries if that is not all of them: with the keys up to the last
     * of those.
     */
    static void layer(
            PromptWriter begun, RunPlan plan, int prompt, int n, int layer, int headsOfAPart, int queriesOfAPart) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (HookPoint hook : ALL) {
                if (!begun.wants(hook, layer)) {
                    continue;
                }
                NDArray whole = activation(manager, plan.model(), hook, prompt, layer, n);
                if (hook != HookPoint.ATTENTION) {
                    begun.accept(hook, layer, whole);
                    continue;
                }
                long heads = whole.getShape().get(0);
                for (long head = 0; head < heads; head += headsOfAPart) {
                    for (int query = 0; query < n; query += queriesOfAPart) {
                        int keys = Math.min(query + queriesOfAPart, n);
                        NDIndex part = new NDIndex()
                                .addSliceDim(head, Math.min(head + headsOfAPart, heads))
                                .addSliceDim(query, keys)
                                .addSliceDim(0, keys);
                        // Without the gaps of the view, as a forward pass gives it.
                        begun.accept(hook, layer, whole.get(part).duplicate());
                    }
                }
            }
        }
    }

    private static NDArray activation(
            NDManager manager, ModelCard model, HookPoint hook, int prompt, int layer, int n) {
        Shape shape = switch (hook) {
            case Q -> new Shape(model.heads(), n, model.dHead());
            case K, V -> new Shape(model.kvHeads(), n, model.dHead());
            case ATTENTION -> new Shape(model.heads(), n, n);
            case MLP_ACT -> new Shape(n, model.dMlp());
            default -> new Shape(n, model.dModel());
        };
        float[] numbers = new float[(int) shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            boolean masked = hook == HookPoint.ATTENTION && model.causal() && i % n > i / n % n;
            numbers[i] = masked ? 0 : number(source(hook, layer), prompt, layer(hook, layer), i);
        }
        // A tensor of the engine's own memory, as a forward pass makes them: the first lies over a Java buffer.
        return manager.create(numbers, shape).duplicate();
    }

    /** What enters a block is what left the one below. */
    static HookPoint source(HookPoint hook, int layer) {
        return hook == HookPoint.RESID_PRE && layer > 0 ? HookPoint.RESID_POST : hook;
    }

    static int layer(HookPoint hook, int layer) {
        return hook == HookPoint.RESID_PRE && layer > 0 ? layer - 1 : layer;
    }
}
