package dev.vitrine.engine.extract;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.AttentionForm;
import dev.vitrine.engine.store.FloatType;
import dev.vitrine.engine.store.RunPlan;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What to extract.
 *
 * @param prompts the prompts
 * @param store the store's folder, which is made if it is not there
 * @param run the run's name; null for one made of the model's and the prompts' names
 * @param hooks what to keep; empty for everything that a store can hold
 * @param layers of which layers; empty for all
 * @param attention whether attention weights are stored or derived from queries and keys when read
 * @param dtype how numbers are stored
 * @param resume whether to go on where an extraction of the same run ended early, and to let the next go on where this one does
 * @param progress where to tell how far it is
 */
public record ExtractionOptions(
        PromptSource prompts,
        Path store,
        @Nullable String run,
        Set<HookPoint> hooks,
        List<Integer> layers,
        AttentionForm attention,
        FloatType dtype,
        boolean resume,
        Progress progress) {

    /** Everything of every layer in float32, under the default name, silently. */
    public static ExtractionOptions of(PromptSource prompts, Path store) {
        return new ExtractionOptions(
                prompts,
                store,
                null,
                Set.of(),
                List.of(),
                AttentionForm.STORED,
                FloatType.FLOAT32,
                false,
                Progress.silent());
    }

    /** The same under another name. */
    public ExtractionOptions withRun(String name) {
        return new ExtractionOptions(prompts, store, name, hooks, layers, attention, dtype, resume, progress);
    }

    /** The same, of these activations only. */
    public ExtractionOptions withHooks(Set<HookPoint> kept) {
        return new ExtractionOptions(prompts, store, run, kept, layers, attention, dtype, resume, progress);
    }

    /** The same with attention in this form. */
    public ExtractionOptions withAttention(AttentionForm form) {
        return new ExtractionOptions(prompts, store, run, hooks, layers, form, dtype, resume, progress);
    }

    RunPlan plan(ModelCard model) {
        Set<HookPoint> kept = EnumSet.noneOf(HookPoint.class);
        kept.addAll(hooks.isEmpty() ? EnumSet.range(HookPoint.Q, HookPoint.MLP_ACT) : hooks);
        if (model.norms().equals("parallel") && kept.remove(HookPoint.RESID_MID) && !hooks.isEmpty()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "hook resid_mid: in model " + model.name()
                            + " attention and MLP read the same residual stream, so there is none between them");
        }
        List<Integer> of = layers.isEmpty()
                ? IntStream.range(0, model.layers()).boxed().toList()
                : layers.stream().sorted().distinct().toList();
        AttentionForm form = kept.contains(HookPoint.ATTENTION) ? attention : AttentionForm.NONE;
        String name = run == null ? defaultName(model) : run;
        return new RunPlan(name, model, kept, of, prompts.seed(), form, dtype);
    }

    /** What cannot stand in a run's name becomes a minus. */
    private String defaultName(ModelCard model) {
        String name = (model.name() + "-" + prompts.name()).replaceAll("[^A-Za-z0-9._-]+", "-");
        String begun = name.startsWith(".") ? "run" + name : name;
        return begun.length() > 128 ? begun.substring(0, 128) : begun;
    }
}
