package dev.vitrine.engine.model.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.engine.model.AttentionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** GPT-Neo (Black et al. 2021): GPT-2 with ordinary matrices, no scale on attention, and layers that see only a window. */
final class GptNeo {
    private GptNeo() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.prefix("transformer.", "wte.weight");
        int width = config.count("hidden_size", 2048);
        Sizes sizes = new Sizes(
                        width,
                        config.count("num_layers", "num_hidden_layers", 24),
                        config.count("num_heads", "num_attention_heads", 16),
                        config.count("intermediate_size", 4 * width))
                .checked(config, "hidden_size");
        int positions = config.count("max_position_embeddings", 2048);
        Table words = new Table(base + "wte.weight", config.count("vocab_size", 50257), width);
        List<Boolean> local = local(config, sizes.layers());
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            int window = local.get(layer) ? config.count("window_size", 256) : 0;
            blocks.add(block(config, names, sizes, base + "h." + layer + ".", window));
        }
        return Architecture.decoder(
                positions,
                Embedding.of(words, Embedding.Positions.fromZero(base + "wpe.weight", positions, width)),
                blocks,
                Norm.layer(names, base + "ln_f", width, epsilon(config)),
                Tied.decoder(config, names, words, "lm_head.weight", true));
    }

    private static Block block(ModelConfig config, TensorNames names, Sizes sizes, String at, int window) {
        int width = sizes.modelWidth();
        String self = at + "attn.attention.";
        return Block.of(
                Block.Order.PRE,
                Norm.layer(names, at + "ln_1", width, epsilon(config)),
                Norm.layer(names, at + "ln_2", width, epsilon(config)),
                Attention.separate(
                        sizes,
                        new AttentionRule(1, true, window, 0),
                        false,
                        self + "q_proj",
                        self + "k_proj",
                        self + "v_proj",
                        Linear.of(self + "out_proj", width, width)),
                Mlp.plain(
                        Linear.of(at + "mlp.c_fc", width, sizes.mlpWidth()),
                        Linear.of(at + "mlp.c_proj", sizes.mlpWidth(), width),
                        Activation.of(config, "activation_function", "gelu_new")));
    }

    private static double epsilon(ModelConfig config) {
        return config.real("layer_norm_epsilon", 1e-5);
    }

    private static List<Boolean> local(ModelConfig config, List<String> types, int layers) {
        String key = "attention_layers";
        if (!List.of("local", "global").containsAll(types)) {
            throw config.unsupported(key, "global or local for each layer");
        }
        if (types.size() != layers) {
            throw config.bad(key, "as many as the " + layers + " layers");
        }
        return types.stream().map("local"::equals).toList();
    }

    /**
     * Which layers see only a window: {@code attention_layers} is ["global", "local", ...], or else {@code attention_types} is
     * [[["global", "local"], 2], ...], types and how often they repeat.
     */
    private static List<Boolean> local(ModelConfig config, int layers) {
        if (config.given("attention_layers")) {
            return local(config, config.texts("attention_layers"), layers);
        }
        String key = "attention_types";
        String expected = "a list of [[types], count], types global or local, for " + layers + " layers in all";
        List<Boolean> local = new ArrayList<>();
        if (!config.given(key) && layers == 24) {
            // The default of the first GPT-Neo.
            return IntStream.range(0, layers).mapToObj(layer -> layer % 2 == 1).toList();
        }
        for (JsonNode item : config.list(key, expected)) {
            for (int i = 0; i < item.path(1).asInt(); i++) {
                for (JsonNode type : item.path(0)) {
                    if (!type.asText().equals("local") && !type.asText().equals("global")) {
                        throw config.unsupported(key, expected);
                    }
                    local.add(type.asText().equals("local"));
                }
            }
        }
        if (local.size() != layers) {
            throw config.bad(key, expected);
        }
        return local;
    }
}
