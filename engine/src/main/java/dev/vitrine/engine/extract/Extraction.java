package dev.vitrine.engine.extract;

import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.RunManifest;
import dev.vitrine.engine.store.RunPlan;
import dev.vitrine.engine.store.RunWriter;

/**
 * Runs prompts through a model and keeps its activations as a run of a store. The run is there when this returns, and not before: an
 * exception, Ctrl-C or a kill leaves the store as it was. What was done is thrown away then, or kept aside for the next extraction if
 * {@link ExtractionOptions#resume} says so; after a kill it is kept in any case.
 */
public final class Extraction {
    private Extraction() {}

    /**
     * Extracts a run. Before anything is computed, {@code ALREADY_EXISTS} if the store has a run of that name, or another model of that
     * model's name; {@code BAD_PROMPT} if a prompt is wrong; {@code CANCELLED} if the thread is
     * interrupted or the process is told to end.
     */
    public static RunManifest run(TransformerModel model, ExtractionOptions options) {
        RunPlan plan = options.plan(model.card());
        ModelNames.requireSame(options.store(), model.card());
        Progress progress = options.progress();
        try (RunWriter writer =
                RunWriter.create(options.store(), plan, model.tokenizer().vocabulary(), options.resume())) {
            progress.begin(Survey.of(options.prompts(), model));
            try (Batches batches = new Batches(model, writer, progress)) {
                options.prompts().forEach(model, batches::add);
                batches.end();
            }
            RunManifest manifest = writer.finish();
            progress.end();
            return manifest;
        }
    }
}
