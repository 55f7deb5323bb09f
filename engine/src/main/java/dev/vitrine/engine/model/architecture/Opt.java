package dev.vitrine.engine.model.architecture;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OPT (Zhang et al. 2022): learned positions from row 2, relu; the 350m model is post-norm with a narrower embedding. ε is 1e-5. */
final class Opt {
    private static final double EPSILON = 1e-5;
    private static final int OFFSET = 2;

    private Opt() {}

    static Architecture read(ModelConfig config, TensorNames names) {
        String base = names.has("decoder.embed_tokens.weight") ? "decoder." : "model.decoder.";
        Sizes sizes = new Sizes(
                        config.count("hidden_size", 768),
                        config.count("num_hidden_layers", 12),
                        config.count("num_attention_heads", 12),
                        config.count("ffn_dim", 3072))
                .checked(config, "hidden_size");
        int width = sizes.modelWidth();
        int narrow = config.count("word_embed_proj_dim", width);
        int positions = config.count("max_position_embeddings", 2048);
        boolean affine = config.flag("layer_norm_elementwise_affine", true);
        boolean before = config.flag("do_layer_norm_before", true);
        Table words = new Table(base + "embed_tokens.weight", config.count("vocab_size", 50272), narrow);
        List<Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            blocks.add(block(config, names, sizes, base + "layers." + layer + ".", before, affine));
        }
        @Nullable Linear unembedding = Tied.decoder(config, names, words, "lm_head.weight", true);
        boolean last = before && !config.flag("_remove_final_layer_norm", false);
        return new Architecture(
                true,
                positions,
                new Embedding(
                        words,
                        1,
                        narrow == width ? null : Linear.of(base + "project_in", narrow, width, false),
                        new Embedding.Positions(
                                new Table(base + "embed_positions.weight", positions + OFFSET, width), OFFSET, -1),
                        null,
                        null,
                        null),
                blocks,
                last ? norm(names, base + "final_layer_norm", width, affine) : null,
                narrow == width ? null : Linear.of(base + "project_out", width, narrow, false),
                unembedding == null ? null : Head.of(unembedding),
                null);
    }

    private static Block block(
            ModelConfig config, TensorNames names, Sizes sizes, String at, boolean before, boolean affine) {
        int width = sizes.modelWidth();
        boolean bias = config.flag("enable_bias", true);
        String self = at + "self_attn.";
        return Block.of(
                before ? Block.Order.PRE : Block.Order.POST,
                norm(names, at + "self_attn_layer_norm", width, affine),
                norm(names, at + "final_layer_norm", width, affine),
                Attention.separate(
                        sizes,
                        sizes.rule(true),
                        bias,
                        self + "q_proj",
                        self + "k_proj",
                        self + "v_proj",
                        Linear.of(self + "out_proj", width, width, bias)),
                Mlp.plain(
                        Linear.of(at + "fc1", width, sizes.mlpWidth(), bias),
                        Linear.of(at + "fc2", sizes.mlpWidth(), width, bias),
                        Activation.of(config, "activation_function", "relu")));
    }

    private static Norm norm(TensorNames names, String name, int width, boolean affine) {
        return affine ? Norm.layer(names, name, width, EPSILON) : new Norm(Norm.Kind.LAYER, null, null, width, EPSILON);
    }
}
