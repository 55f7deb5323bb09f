package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a run is going to be.
 *
 * @param run the run's name: letters, digits, dot, minus and underscore, not beginning with a dot
 * @param model the model that is run
 * @param hooks what is kept: q, k, v, attention, mlp_act and the five sites of the residual stream
 * @param layers the layers of which it is kept, ascending, at least one
 * @param seed what generated prompts are drawn from; null for prompts from a file
 * @param attention where attention weights come from; {@code DERIVED} needs hooks q and k
 * @param dtype how numbers are stored
 */
public record RunPlan(
        String run,
        ModelCard model,
        Set<HookPoint> hooks,
        List<Integer> layers,
        @Nullable Long seed,
        AttentionForm attention,
        FloatType dtype) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

    public RunPlan {
        hooks = Set.copyOf(hooks);
        layers = List.copyOf(layers);
        if (!NAME.matcher(run).matches()) {
            throw invalid(
                    "run name '" + run + "' cannot be a folder: expected 1 to 128 letters, digits, '.', '-' or '_',"
                            + " not beginning with '.'");
        }
        int before = -1;
        for (int layer : layers) {
            if (layer <= before || layer >= model.layers()) {
                throw invalid("layers " + layers + ": expected ascending layers of " + model.name() + ", 0 to "
                        + (model.layers() - 1));
            }
            before = layer;
        }
        if (layers.isEmpty() || hooks.isEmpty()) {
            throw invalid("run '" + run + "' would keep nothing: expected at least one hook and one layer");
        }
        for (HookPoint hook : hooks) {
            if (!hook.perLayer()) {
                throw invalid("hook " + hook.label() + " is not stored: it follows from resid_post of the last layer");
            }
        }
        if (attention == AttentionForm.DERIVED && !(hooks.contains(HookPoint.Q) && hooks.contains(HookPoint.K))) {
            throw invalid("attention cannot be derived without hooks q and k; kept are "
                    + hooks.stream().sorted().map(HookPoint::label).toList());
        }
    }

    /** Every activation of every layer in float32. */
    public static RunPlan everything(String run, ModelCard model) {
        Set<HookPoint> hooks = EnumSet.range(HookPoint.Q, HookPoint.MLP_ACT);
        if (model.norms().equals("parallel")) {
            hooks.remove(HookPoint.RESID_MID);
        }
        List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
        return new RunPlan(run, model, hooks, layers, null, AttentionForm.STORED, FloatType.FLOAT32);
    }

    /** What each table gets of a prompt of so many tokens. */
    public List<TableSize> sizes(int tokens) {
        return RunContents.of(this).tables().stream()
                .map(table -> table.size(tokens))
                .toList();
    }

    /** What another plan has otherwise, for messages. */
    String differences(RunPlan other) {
        List<String> found = new ArrayList<>();
        if (model.mayShareWeights(other.model)) {
            compare("model", model, other.model, found);
        } else {
            compare("weights of checksum", model.weights(), other.model.weights(), found);
        }
        compare("hooks", hooks, other.hooks, found);
        compare("layers", layers, other.layers, found);
        compare("seed", seed, other.seed, found);
        compare("attention", attention, other.attention, found);
        compare("dtype", dtype, other.dtype, found);
        return String.join("; ", found);
    }

    private static void compare(String what, @Nullable Object begun, @Nullable Object asked, List<String> found) {
        if (!Objects.equals(begun, asked)) {
            found.add("it was begun with " + what + " " + begun + ", asked for is " + asked);
        }
    }

    private static VitrineException invalid(String message) {
        return new VitrineException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
