package dev.vitrine.engine.model.architecture;

import ai.djl.ndarray.NDArray;

/** The functions between the two matrices of an MLP. Each takes its argument's place: the array given is overwritten or closed. */
public enum Activation {
    /** x·Φ(x), exact. */
    GELU {
        @Override
        public NDArray apply(NDArray x) {
            return replaced(x, x.getNDArrayInternal().gelu());
        }
    },
    /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))), written as x·σ(2·the same): in place, and without the allocations of the cube. */
    GELU_TANH {
        @Override
        public NDArray apply(NDArray x) {
            NDArray inner = x.square();
            inner.muli(CUBE * SLOPE).addi(SLOPE).muli(x);
            return gated(x, inner);
        }
    },
    /** x·σ(1.702x). */
    QUICK_GELU {
        @Override
        public NDArray apply(NDArray x) {
            return gated(x, x.mul(1.702f));
        }
    },
    /** x·σ(x). */
    SILU {
        @Override
        public NDArray apply(NDArray x) {
            NDArray gate = x.getNDArrayInternal().sigmoid();
            x.muli(gate);
            gate.close();
            return x;
        }
    },
    /** max(x, 0). */
    RELU {
        @Override
        public NDArray apply(NDArray x) {
            return replaced(x, x.getNDArrayInternal().relu());
        }
    },
    /** max(x, 0)². */
    RELU_SQUARED {
        @Override
        public NDArray apply(NDArray x) {
            NDArray positive = RELU.apply(x);
            return positive.muli(positive);
        }
    },
    /** The hyperbolic tangent. */
    TANH {
        @Override
        public NDArray apply(NDArray x) {
            return replaced(x, x.tanh());
        }
    };

    private static final float SLOPE = (float) (2 * Math.sqrt(2 / Math.PI));
    private static final float CUBE = 0.044715f;

    /** The function of x, elementwise; x itself must not be used afterwards. */
    public abstract NDArray apply(NDArray x);

    /** The function that a config.json names, as in {@code transformers/activations.py}. */
    static Activation of(ModelConfig config, String key, String absent) {
        return switch (config.text(key, absent)) {
            case "gelu", "gelu_python" -> GELU;
            case "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh" -> GELU_TANH;
            case "quick_gelu" -> QUICK_GELU;
            case "silu", "swish" -> SILU;
            case "relu" -> RELU;
            case "relu2" -> RELU_SQUARED;
            case "tanh" -> TANH;
            default ->
                throw config.unsupported(
                        key,
                        "gelu, gelu_python, gelu_new, gelu_fast, gelu_accurate, gelu_pytorch_tanh, gelu_python_tanh,"
                                + " quick_gelu, silu, swish, relu, relu2 or tanh");
        };
    }

    private static NDArray replaced(NDArray before, NDArray after) {
        before.close();
        return after;
    }

    private static NDArray gated(NDArray x, NDArray inner) {
        NDArray gate = replaced(inner, inner.getNDArrayInternal().sigmoid());
        x.muli(gate);
        gate.close();
        return x;
    }
}
