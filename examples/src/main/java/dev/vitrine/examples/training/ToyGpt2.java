package dev.vitrine.examples.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.examples.gpt2.Gpt2Folder;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * GPT-2 written out with NDArray operations that autograd can follow: learned positions, LayerNorm before each part, gelu_new, the
 * embedding matrix as output head. B is the batch, T the sequence length (always {@code positions}: shorter sequences are padded at the
 * end, which a causal model does not see), H heads, D d_model, V the vocabulary. Weights lie as in a GPT-2 checkpoint, [in, out].
 *
 * <p>No Java number enters the graph. An operation such as {@code x.mul(0.5)} lets autograd remember a temporary array whose memory
 * belongs to a Java buffer; once the garbage collector frees that, the backward pass reads whatever lies there. Every constant is
 * therefore an array that lives as long as the model.
 */
final class ToyGpt2 implements AutoCloseable {
    private static final float MASKED = -1e9f;

    private final Gpt2Shape shape;
    private final NDManager manager;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final NDArray mask;
    private final NDArray queryScale;
    private final NDArray geluScale;
    private final NDArray geluCube;

    /**
     * A model with random weights, smaller where a part writes to the residual stream, as GPT-2's were. Positions start as waves: from
     * random rows, a head that looks at the previous token takes many times longer to form.
     */
    ToyGpt2(Gpt2Shape shape, NDManager parent, long seed) {
        this.shape = shape;
        manager = parent.newSubManager();
        mask = manager.create(causalMask(shape.positions()), new Shape(shape.positions(), shape.positions()));
        queryScale = manager.create((float) (1 / Math.sqrt(shape.dHead())));
        geluScale = manager.create((float) (2 * Math.sqrt(2 / Math.PI)));
        geluCube = manager.create(0.044715f);

        Random random = new Random(seed);
        shape.tensors().forEach((name, size) -> {
            Shape tensor = new Shape(size);
            weights.put(name, manager.create(initial(name, Math.toIntExact(tensor.size()), random), tensor));
        });
    }

    private float[] initial(String name, int size, Random random) {
        if (name.equals("wpe.weight")) {
            return waves(shape.positions(), shape.dModel());
        }
        if (name.endsWith(".bias")) {
            return new float[size];
        }
        float[] values = new float[size];
        if (name.contains("ln_")) {
            Arrays.fill(values, 1);
            return values;
        }
        double deviation = name.contains("c_proj") ? 0.1 / Math.sqrt(2.0 * shape.layers()) : 0.1;
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    Gpt2Shape shape() {
        return shape;
    }

    /** The weights by their GPT-2 names without prefix, in the order of the forward pass. The arrays belong to the model. */
    Map<String, NDArray> weights() {
        return weights;
    }

    /** Writes the model as a Hugging Face folder. */
    void write(Path folder) throws IOException {
        Gpt2Folder.write(
                folder, shape, ToyVocabulary.WORDS, name -> at(weights, name).toFloatArray());
    }

    /** From {@code tokens}, one-hot [B, T, V], to logits [B, T, V]. The weights {@code w} are the model's, or copies that need gradients. */
    NDArray logits(NDArray tokens, Map<String, NDArray> w) {
        NDArray x = tokens.matMul(at(w, "wte.weight")).add(at(w, "wpe.weight")); // [B, T, D]
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "h." + layer + ".";
            NDArray mixed = attention(norm(x, block + "ln_1", w), block + "attn.", w); // [B, T, D]
            x = x.add(linear(mixed, block + "attn.c_proj", w));
            NDArray neurons = gelu(linear(norm(x, block + "ln_2", w), block + "mlp.c_fc", w)); // [B, T, d_mlp]
            x = x.add(linear(neurons, block + "mlp.c_proj", w));
        }
        return norm(x, "ln_f", w).matMul(at(w, "wte.weight").transpose(1, 0)); // [B, T, V]
    }

    /** softmax(q·kᵀ / √d_head + mask)·v of all heads, side by side: [B, T, D]. */
    private NDArray attention(NDArray x, String name, Map<String, NDArray> w) {
        NDList qkv = linear(x, name + "c_attn", w).split(3, 2); // three times [B, T, D]
        NDArray q = heads(qkv.get(0)).mul(queryScale);
        NDArray k = heads(qkv.get(1));
        NDArray v = heads(qkv.get(2)); // [B, H, T, d_head]
        NDArray pattern = q.matMul(k.transpose(0, 1, 3, 2)).add(mask).softmax(3); // [B, H, T, T]
        return pattern.matMul(v).transpose(0, 2, 1, 3).reshape(x.getShape());
    }

    /** [B, T, D] to [B, H, T, d_head]. */
    private NDArray heads(NDArray x) {
        Shape split = new Shape(x.getShape().get(0), shape.positions(), shape.heads(), shape.dHead());
        return x.reshape(split).transpose(0, 2, 1, 3);
    }

    /** gelu_new, h/2·(1 + tanh(√(2/π)·(h + 0.044715·h³))), as h·sigmoid of twice the argument: the same function in fewer passes. */
    private NDArray gelu(NDArray h) {
        NDArray argument = h.mul(h).mul(h).mul(geluCube).add(h).mul(geluScale);
        return h.mul(argument.getNDArrayInternal().sigmoid());
    }

    private NDArray linear(NDArray x, String name, Map<String, NDArray> w) {
        return x.matMul(at(w, name + ".weight")).add(at(w, name + ".bias"));
    }

    private NDArray norm(NDArray x, String name, Map<String, NDArray> w) {
        NDArray gain = at(w, name + ".weight");
        return x.getNDArrayInternal()
                .layerNorm(x, new Shape(shape.dModel()), gain, at(w, name + ".bias"), (float) Gpt2Shape.EPSILON)
                .singletonOrThrow();
    }

    private static NDArray at(Map<String, NDArray> weights, String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight '" + name + "' among " + weights.keySet());
        }
        return weight;
    }

    /** [T, D]: sines and cosines of rising wavelength, 2π to 400π (Vaswani et al. 2017, section 3.5, there up to 20000π). */
    private static float[] waves(int positions, int width) {
        float[] waves = new float[positions * width];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < width; i += 2) {
                double angle = position * Math.pow(200, -(double) i / width);
                waves[position * width + i] = (float) (0.1 * Math.sin(angle));
                waves[position * width + i + 1] = (float) (0.1 * Math.cos(angle));
            }
        }
        return waves;
    }

    /** [T, T]: 0 where the key is at or before the query, so low elsewhere that its softmax is exactly 0. */
    private static float[] causalMask(int positions) {
        float[] mask = new float[positions * positions];
        for (int query = 0; query < positions; query++) {
            for (int key = query + 1; key < positions; key++) {
                mask[query * positions + key] = MASKED;
            }
        }
        return mask;
    }

    @Override
    public void close() {
        manager.close();
    }
}
