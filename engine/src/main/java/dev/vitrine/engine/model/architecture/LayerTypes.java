package dev.vitrine.engine.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Which layers see only a window, by {@code layer_types}. */
final class LayerTypes {
    private LayerTypes() {}

    /** One entry per layer; the predicate says what a config without {@code layer_types} means. */
    static List<Boolean> sliding(ModelConfig config, int layers, IntPredicate absent) {
        List<Boolean> sliding = new ArrayList<>();
        if (!config.given("layer_types")) {
            for (int layer = 0; layer < layers; layer++) {
                sliding.add(absent.test(layer));
            }
            return sliding;
        }
        for (String type : config.texts("layer_types")) {
            if (!type.equals("full_attention") && !type.equals("sliding_attention")) {
                throw config.unsupported("layer_types", "full_attention or sliding_attention for each layer");
            }
            sliding.add(type.equals("sliding_attention"));
        }
        if (sliding.size() != layers) {
            throw config.bad("layer_types", "as many as the " + layers + " layers");
        }
        return sliding;
    }
}
