package dev.vitrine.engine.model.architecture;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The families that Vitrine reads, by {@code model_type}. */
public final class Families {
    private static final Map<String, BiFunction<ModelConfig, TensorNames, Architecture>> READERS =
            new TreeMap<>(Map.ofEntries(
                    Map.entry("albert", Albert::read),
                    Map.entry("bert", Bert::read),
                    Map.entry("distilbert", DistilBert::read),
                    Map.entry("electra", Electra::read),
                    Map.entry("gemma2", Gemma2::read),
                    Map.entry("gpt2", Gpt2::read),
                    Map.entry("gpt_neo", GptNeo::read),
                    Map.entry("gpt_neox", GptNeoX::read),
                    Map.entry("llama", Llama::llama),
                    Map.entry("mistral", Llama::mistral),
                    Map.entry("opt", Opt::read),
                    Map.entry("phi", Phi::read),
                    Map.entry("qwen2", Qwen::qwen2),
                    Map.entry("qwen3", Qwen::qwen3),
                    Map.entry("roberta", Roberta::read),
                    Map.entry("xlm-roberta", Roberta::read)));

    private Families() {}

    /** The model of a config.json, {@code UNSUPPORTED_MODEL} where it is of no known family or has a setting that is not read. */
    public static Architecture read(ModelConfig config, TensorNames names) {
        BiFunction<ModelConfig, TensorNames, Architecture> reader = READERS.get(config.modelType());
        if (reader == null) {
            throw config.unsupported("model_type", "one of " + String.join(", ", READERS.keySet()));
        }
        if (config.given("quantization_config")) {
            throw config.unsupported("quantization_config", "weights that are not quantized");
        }
        if (!config.object("pruned_heads").isEmpty()) {
            throw config.unsupported("pruned_heads", "none: every layer has all its heads");
        }
        Architecture architecture = reader.apply(config, names);
        if (config.flag("is_causal", architecture.causal()) != architecture.causal()) {
            throw config.unsupported("is_causal", architecture.causal() + ", as always in this family");
        }
        return architecture;
    }
}
