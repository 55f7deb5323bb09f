package dev.vitrine.engine.model.architecture;

/**
 * Reads rotary settings: {@code rope_parameters} as transformers 5 writes them, or {@code rope_theta}, {@code rope_scaling} and keys of
 * the family as version 4 did. Where both could be meant, version 5.23 decides.
 */
final class RotaryConfig {
    private final ModelConfig config;
    private final ModelConfig rope;
    private final int positions;

    private RotaryConfig(ModelConfig config, int positions) {
        this.config = config;
        this.positions = positions;
        ModelConfig scaling = config.object("rope_scaling");
        this.rope = scaling.isEmpty() ? config.object("rope_parameters") : scaling;
    }

    /** For families that rotate whole heads. */
    static Rotary whole(ModelConfig config, int headWidth, int positions) {
        RotaryConfig reader = new RotaryConfig(config, positions);
        ModelConfig place = reader.rope.given("partial_rotary_factor") ? reader.rope : config;
        if (place.real("partial_rotary_factor", 1) != 1) {
            throw place.unsupported("partial_rotary_factor", "1, as this family rotates whole heads");
        }
        return reader.rotary(headWidth, "rope_theta");
    }

    /**
     * For families that rotate the first components of a head.
     *
     * @param factorKey where version 4 has the share of components
     * @param absent the share where no key says it
     * @param thetaKey where version 4 has the base
     */
    static Rotary partial(
            ModelConfig config, int headWidth, int positions, String factorKey, double absent, String thetaKey) {
        RotaryConfig reader = new RotaryConfig(config, positions);
        double factor = reader.rope.real("partial_rotary_factor", config.real(factorKey, absent));
        return reader.rotary((int) (headWidth * factor), thetaKey);
    }

    private Rotary rotary(int dims, String thetaKey) {
        rope.refuseObjects("one set of rotary settings for all layers");
        if (dims < 2 || dims % 2 != 0) {
            throw config.unsupported("rotary components per head", dims, "an even number from 2");
        }
        double theta = rope.real("rope_theta", config.real(thetaKey, 10_000));
        return new Rotary(dims, theta, scaling(dims, theta));
    }

    private RopeScaling scaling(int dims, double theta) {
        String key = rope.given("rope_type") ? "rope_type" : "type";
        return switch (rope.text(key, "default")) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(rope.real("factor"));
            case "dynamic" -> dynamic(dims);
            case "yarn" -> yarn(dims, theta);
            case "longrope" -> longRope(dims);
            case "llama3" ->
                new RopeScaling.Llama3(
                        rope.real("factor"), rope.real("low_freq_factor"), rope.real("high_freq_factor"), trained());
            default -> throw rope.unsupported(key, "default, linear, dynamic, yarn, longrope or llama3");
        };
    }

    private RopeScaling dynamic(int dims) {
        if (dims == 2) {
            throw config.unsupported("rotary components per head", dims, "at least 4 with dynamic scaling");
        }
        return new RopeScaling.Dynamic(rope.real("factor"), positions);
    }

    /** Positions that the model was first trained on. */
    private int trained() {
        return config.count(
                "original_max_position_embeddings", rope.count("original_max_position_embeddings", positions));
    }

    private double factor() {
        return rope.real("factor", (double) positions / trained());
    }

    private RopeScaling yarn(int dims, double theta) {
        double factor = factor();
        double scale = rope.real("mscale", 0);
        double scaleAll = rope.real("mscale_all_dim", 0);
        double attention = scale != 0 && scaleAll != 0
                ? yarnAttention(factor, scale) / yarnAttention(factor, scaleAll)
                : yarnAttention(factor, 1);
        double fast = orElse(rope.real("beta_fast", 32), 32);
        double slow = orElse(rope.real("beta_slow", 1), 1);
        double low = yarnIndex(fast, dims, theta);
        double high = yarnIndex(slow, dims, theta);
        if (rope.flag("truncate", true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        return new RopeScaling.Yarn(
                factor, rope.real("attention_factor", attention), Math.max(low, 0), Math.min(high, dims - 1));
    }

    private static double yarnAttention(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** The index whose component turns so many times in the positions trained on. */
    private double yarnIndex(double turns, int dims, double theta) {
        return dims * Math.log(trained() / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private RopeScaling longRope(int dims) {
        double factor = factor();
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained()));
        return new RopeScaling.LongRope(
                factors("short_factor", dims),
                factors("long_factor", dims),
                rope.real("attention_factor", attention),
                trained());
    }

    private double[] factors(String key, int dims) {
        double[] factors = rope.reals(key);
        if (factors.length != dims / 2) {
            throw rope.bad(key, dims / 2 + " numbers, one for each pair of rotated components");
        }
        return factors;
    }

    /** The reference counts 0 as absent here. */
    private static double orElse(double value, double absent) {
        return value == 0 ? absent : value;
    }
}
