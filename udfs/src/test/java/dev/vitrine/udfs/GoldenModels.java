package dev.vitrine.udfs;

import dev.vitrine.engine.model.TransformerModel;
import java.nio.file.Path;

/** The golden models that the engine is tested with: tiny, with random weights. */
public final class GoldenModels {
    private GoldenModels() {}

    /** Opens the model of that family; the caller closes it. */
    public static TransformerModel open(String family) {
        return TransformerModel.open(
                Path.of("../engine/src/test/resources/goldens", family, "model").toString());
    }
}
