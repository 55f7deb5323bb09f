package dev.vitrine.engine.model;

import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Block;
import java.util.List;

/** How far a forward pass has to go for its sinks: what lies beyond the last activation that one of them wants is not computed. */
final class Demand {
    /** The steps of a block, in the order in which they are computed. */
    private static final int STEPS = 8;

    private final List<BatchedPrompt> batch;
    private final Architecture architecture;
    private final int layers;
    private final int last;

    Demand(List<BatchedPrompt> batch, Architecture architecture) {
        this.batch = batch;
        this.architecture = architecture;
        this.layers = architecture.blocks().size();
        this.last = last();
    }

    /** Whether there is such an activation and a sink wants it. */
    boolean wants(HookPoint hook, int layer) {
        boolean exists = switch (hook) {
            case RESID_MID -> architecture.blocks().get(layer).order() != Block.Order.PARALLEL;
            case LOGITS -> architecture.head() != null;
            case POOLED -> architecture.pooler() != null;
            case Q, K, V, ATTENTION, RESID_PRE, RESID_POST, ATTN_OUT, MLP_OUT, MLP_ACT, FINAL -> true;
        };
        return exists && batch.stream().anyMatch(prompt -> prompt.sink().wants(hook, layer));
    }

    /** Whether anything computed after this hook of this layer is wanted. */
    boolean after(HookPoint hook, int layer) {
        return last > time(hook, layer);
    }

    private int last() {
        for (HookPoint hook : new HookPoint[] {HookPoint.FINAL, HookPoint.LOGITS, HookPoint.POOLED}) {
            if (wants(hook, 0)) {
                return time(hook, 0);
            }
        }
        int last = -1;
        for (int layer = layers - 1; layer >= 0 && last < 0; layer--) {
            for (HookPoint hook : HookPoint.values()) {
                if (hook.perLayer() && wants(hook, layer)) {
                    last = Math.max(last, time(hook, layer));
                }
            }
        }
        return last;
    }

    private int time(HookPoint hook, int layer) {
        return switch (hook) {
            case RESID_PRE -> layer * STEPS;
            case Q, K, V -> layer * STEPS + 1;
            case ATTENTION -> layer * STEPS + 2;
            case ATTN_OUT -> layer * STEPS + 3;
            case RESID_MID -> layer * STEPS + 4;
            case MLP_ACT -> layer * STEPS + 5;
            case MLP_OUT -> layer * STEPS + 6;
            case RESID_POST -> layer * STEPS + 7;
            case FINAL, LOGITS, POOLED -> layers * STEPS;
        };
    }
}
