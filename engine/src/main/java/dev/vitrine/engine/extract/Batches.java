package dev.vitrine.engine.extract;

import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.RunWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts prompts that follow each other into one forward pass as long as they are short, and hands their activations to the writer one
 * prompt after the other. Which prompts share a pass depends on the model and their lengths alone, so that a run that was
 * resumed has the same numbers, bit for bit, as one that was not.
 */
final class Batches {
    private final TransformerModel model;
    /** Tokens of a batch at most; a longer prompt goes alone. */
    private final int passTokens;

    private final RunWriter writer;
    private final Progress progress;
    private final List<Prompt> prompts = new ArrayList<>();
    private int tokens;

    Batches(TransformerModel model, RunWriter writer, Progress progress) {
        this.model = model;
        this.passTokens = model.passTokens();
        this.writer = writer;
        this.progress = progress;
    }

    /** Takes the next prompt; those before it are run first if it has no room beside them. */
    void add(Prompt prompt) {
        int length = prompt.tokens().length();
        if (tokens + length > passTokens) {
            run();
        }
        prompts.add(prompt);
        tokens += length;
        if (tokens >= passTokens) {
            run();
        }
    }

    /** Runs what waits. */
    void run() {
        if (prompts.size() == 1) {
            alone(prompts.get(0));
        } else if (!prompts.isEmpty()) {
            together();
        }
        prompts.clear();
        tokens = 0;
    }

    /** The writer gets everything while the pass goes on, so that no more is in memory than has to be. */
    private void alone(Prompt prompt) {
        boolean needed = begin(prompt);
        if (needed) {
            writer.beginPass();
            model.forward(prompt.tokens().ids(), writer);
            writer.commit();
        }
        progress.add(prompt.tokens().length(), needed);
    }

    private void together() {
        int first = writer.prompts();
        boolean needed = first + prompts.size() > writer.committedBefore();
        List<HeldActivations> held = new ArrayList<>();
        try {
            if (needed) {
                writer.beginPass();
                model.forward(prompts.stream().map(prompt -> held(prompt, held)).toList());
            }
            for (int i = 0; i < prompts.size(); i++) {
                Prompt prompt = prompts.get(i);
                boolean written = begin(prompt);
                if (written) {
                    held.get(i).release();
                    writer.commit();
                }
                progress.add(prompt.tokens().length(), written);
            }
        } finally {
            held.forEach(HeldActivations::close);
        }
    }

    private BatchedPrompt held(Prompt prompt, List<HeldActivations> all) {
        HeldActivations held = new HeldActivations(writer);
        all.add(held);
        return new BatchedPrompt(prompt.tokens().ids(), held);
    }

    private boolean begin(Prompt prompt) {
        return writer.begin(prompt.text(), prompt.labels(), prompt.tokens());
    }
}
