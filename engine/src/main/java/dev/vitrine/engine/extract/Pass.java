package dev.vitrine.engine.extract;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.store.PromptWriter;
import dev.vitrine.engine.store.RunWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prompts that share a forward pass, on their way from being begun to being committed. */
final class Pass {
    /** Side by side, the longer of two passes ends by itself on half of the processor; worth it if the shorter has this share of its tokens. */
    private static final double ALIKE = 0.75;

    private static final ActivationSink NOWHERE = new ActivationSink() {
        @Override
        public boolean wants(HookPoint hook, int layer) {
            return false;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            throw new IllegalStateException("no activation was asked for");
        }
    };

    private final List<Prompt> prompts;
    private final int tokens;
    /** By prompt; null for one that is committed already, by the extraction that this one resumes. */
    private final List<@Nullable PromptWriter> writers = new ArrayList<>();

    Pass(List<Prompt> prompts) {
        this.prompts = List.copyOf(prompts);
        this.tokens =
                prompts.stream().mapToInt(prompt -> prompt.tokens().length()).sum();
    }

    boolean isLike(Pass other) {
        return Math.min(tokens, other.tokens) >= ALIKE * Math.max(tokens, other.tokens);
    }

    /**
     * Begins its prompts. What is to be computed then: nothing if all are committed already, but all if one is not, so that it gets the
     * numbers that it would have got then.
     */
    List<BatchedPrompt> begin(RunWriter writer) {
        writer.beginPass();
        List<BatchedPrompt> batch = new ArrayList<>();
        boolean needed = false;
        for (Prompt prompt : prompts) {
            PromptWriter begun = writer.begin(prompt.text(), prompt.labels(), prompt.tokens());
            writers.add(begun);
            needed |= begun != null;
            batch.add(new BatchedPrompt(prompt.tokens().ids(), begun == null ? NOWHERE : begun));
        }
        return needed ? batch : List.of();
    }

    /** Commits its prompts, which must have been computed. */
    void commit(Progress progress) {
        for (int i = 0; i < prompts.size(); i++) {
            PromptWriter begun = writers.get(i);
            if (begun != null) {
                begun.commit();
            }
            progress.add(prompts.get(i).tokens().length(), begun != null);
        }
    }
}
