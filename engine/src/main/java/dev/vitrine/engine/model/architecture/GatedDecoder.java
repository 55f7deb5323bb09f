package dev.vitrine.engine.model.architecture;

import dev.vitrine.engine.model.AttentionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What Llama and its descendants have in common: names, RMS norms, rotary over whole heads, query heads that share key heads, gated
 * MLPs. It reads the sizes; what differs is asked for.
 */
final class GatedDecoder {
    private final ModelConfig config;
    private final TensorNames names;
    private final Defaults defaults;
    private final String base;
    private final int width;
    private final int layers;
    private final int heads;
    private final int kvHeads;
    private final int headWidth;
    private final int mlpWidth;
    private final double epsilon;
    private final Rotary rotary;
    private final int positions;

    /**
     * What absent keys stand for.
     *
     * @param kvHeads 0 for as many as there are heads, which is also what null stands for
     * @param headWidth 0 for width / heads, which is also what null stands for
     */
    record Defaults(
            int vocabulary,
            int width,
            int layers,
            int heads,
            int kvHeads,
            int headWidth,
            int mlpWidth,
            int positions,
            boolean tied) {}

    /**
     * What a family decides for one layer.
     *
     * @param bias whether queries, keys and values have biases
     * @param headNorms whether each head's query and key are normed
     */
    record Layer(
            AttentionRule rule,
            boolean bias,
            boolean outputBias,
            boolean mlpBias,
            boolean headNorms,
            Activation activation) {}

    GatedDecoder(ModelConfig config, TensorNames names, Defaults defaults) {
        this.config = config;
        this.names = names;
        this.defaults = defaults;
        // The classes with a head for question answering call the base model as GPT-2's do.
        this.base = names.has("transformer.embed_tokens.weight")
                ? "transformer."
                : names.prefix("model.", "embed_tokens.weight");
        this.width = config.count("hidden_size", defaults.width());
        this.layers = config.count("num_hidden_layers", defaults.layers());
        this.heads = config.count("num_attention_heads", defaults.heads());
        this.kvHeads = kvHeads(config, heads, defaults.kvHeads());
        this.headWidth = headWidth(config, width, heads, defaults.headWidth());
        this.mlpWidth = config.count("intermediate_size", defaults.mlpWidth());
        this.epsilon = config.real("rms_norm_eps", 1e-6);
        this.positions = config.count("max_position_embeddings", defaults.positions());
        this.rotary = RotaryConfig.whole(config, headWidth, positions);
    }

    static int kvHeads(ModelConfig config, int heads, int absent) {
        String key = "num_key_value_heads";
        int kvHeads = config.count(key, config.has(key) || absent == 0 ? heads : absent);
        if (heads % kvHeads != 0) {
            throw config.bad(key, "a divisor of the " + heads + " heads");
        }
        return kvHeads;
    }

    static int headWidth(ModelConfig config, int width, int heads, int absent) {
        if (!config.given("head_dim") && absent == 0 && width % heads != 0) {
            throw config.bad("hidden_size", "a multiple of the " + heads + " heads, as there is no head_dim");
        }
        return config.count("head_dim", config.has("head_dim") || absent == 0 ? width / heads : absent);
    }

    int width() {
        return width;
    }

    int layers() {
        return layers;
    }

    /** Causal attention scaled by headWidth^-½; a window of 0 is none. */
    AttentionRule rule(int window) {
        return new AttentionRule(1 / Math.sqrt(headWidth), true, window, 0);
    }

    /** The model of pre-norm blocks, two norms each. */
    Architecture architecture(IntFunction<Layer> layerOf) {
        return architecture(
                Norm.Kind.RMS,
                1,
                0,
                layer -> Block.of(
                        Block.Order.PRE,
                        norm(Norm.Kind.RMS, layer, "input_layernorm"),
                        norm(Norm.Kind.RMS, layer, "post_attention_layernorm"),
                        attention(layer, layerOf.apply(layer)),
                        mlp(layer, layerOf.apply(layer))));
    }

    /**
     * The model of the blocks given.
     *
     * @param scale factor on the embedding
     * @param softcap cap on the logits, 0 for none
     */
    Architecture architecture(Norm.Kind norm, double scale, double softcap, IntFunction<Block> blockOf) {
        Table words = new Table(base + "embed_tokens.weight", config.count("vocab_size", defaults.vocabulary()), width);
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            blocks.add(blockOf.apply(layer));
        }
        @Nullable Linear unembedding = Tied.decoder(config, names, words, "lm_head.weight", defaults.tied());
        return new Architecture(
                true,
                rotary.scaling().positions(positions),
                new Embedding(words, scale, null, null, null, null, null),
                blocks,
                new Norm(norm, base + "norm.weight", null, width, epsilon),
                null,
                unembedding == null ? null : new Head(null, unembedding, softcap),
                null);
    }

    Norm norm(Norm.Kind kind, int layer, String name) {
        return new Norm(kind, at(layer) + name + ".weight", null, width, epsilon);
    }

    Attention attention(int layer, Layer choices) {
        String self = at(layer) + "self_attn.";
        int inner = heads * headWidth;
        int shared = kvHeads * headWidth;
        return new Attention(
                heads,
                kvHeads,
                headWidth,
                Attention.Packing.SEPARATE,
                List.of(
                        Linear.of(self + "q_proj", width, inner, choices.bias()),
                        Linear.of(self + "k_proj", width, shared, choices.bias()),
                        Linear.of(self + "v_proj", width, shared, choices.bias())),
                Linear.of(self + "o_proj", inner, width, choices.outputBias()),
                choices.rule(),
                choices.headNorms() ? Norm.rms(self + "q_norm", headWidth, epsilon) : null,
                choices.headNorms() ? Norm.rms(self + "k_norm", headWidth, epsilon) : null,
                rotary);
    }

    Mlp mlp(int layer, Layer choices) {
        String mlp = at(layer) + "mlp.";
        return new Mlp(
                Linear.of(mlp + "up_proj", width, mlpWidth, choices.mlpBias()),
                Linear.of(mlp + "gate_proj", width, mlpWidth, choices.mlpBias()),
                Linear.of(mlp + "down_proj", mlpWidth, width, choices.mlpBias()),
                choices.activation());
    }

    private String at(int layer) {
        return base + "layers." + layer + ".";
    }
}
