package dev.vitrine.engine.extract;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;

/** That a model's name means one model in a store: tables and functions call models by name. */
final class ModelNames {
    private ModelNames() {}

    /** {@code ALREADY_EXISTS} where a run of the store is of a model of that name from elsewhere, or of other numbers. */
    static void requireSame(Path folder, ModelCard model) {
        if (!Files.isDirectory(folder.resolve("runs"))) {
            return;
        }
        try (Store store = Store.open(folder)) {
            for (Run run : store.runs()) {
                if (run.model().name().equals(model.name())) {
                    requireSame(folder, run, model);
                }
            }
        }
    }

    private static void requireSame(Path folder, Run run, ModelCard model) {
        ModelCard known = run.model();
        if (!known.source().equals(model.source())) {
            throw other(folder, run, model, "is from " + known.source() + ", this one from " + model.source());
        }
        if (!numbers(known).equals(numbers(model))) {
            throw other(
                    folder,
                    run,
                    model,
                    "was " + numbers(known) + " when extracted, and is " + numbers(model) + " now, in "
                            + model.source());
        }
        if (!known.mayShareWeights(model)) {
            throw other(folder, run, model, "had other weights when extracted than " + model.source() + " has now");
        }
    }

    private static String numbers(ModelCard card) {
        return card.architecture() + " with " + card.layers() + " layers, " + card.heads() + " heads, " + card.kvHeads()
                + " key heads, d_model " + card.dModel() + ", d_head " + card.dHead() + ", d_mlp " + card.dMlp() + ", "
                + card.vocabSize() + " tokens";
    }

    private static VitrineException other(Path folder, Run run, ModelCard model, String difference) {
        return new VitrineException(
                ErrorCode.ALREADY_EXISTS,
                "model '" + model.name() + "' of run '" + run.name() + "' in store " + folder + " " + difference
                        + "; expected another name for another model (--model-name)");
    }
}
