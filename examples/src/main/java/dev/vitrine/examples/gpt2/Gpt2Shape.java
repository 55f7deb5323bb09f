package dev.vitrine.examples.gpt2;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sizes of a GPT-2.
 *
 * @param layers number of blocks
 * @param heads heads per block; d_head is {@code dModel / heads}
 * @param dModel width of the residual stream
 * @param dMlp neurons per block
 * @param vocabulary token ids run from 0 to {@code vocabulary - 1}
 * @param positions longest sequence in tokens
 */
public record Gpt2Shape(int layers, int heads, int dModel, int dMlp, int vocabulary, int positions) {
    /** GPT-2's ε in every LayerNorm. */
    public static final double EPSILON = 1e-5;

    public int dHead() {
        return dModel / heads;
    }

    /** The shape of every weight by its name in a checkpoint, without prefix, in the order of the forward pass. Matrices lie [in, out]. */
    public Map<String, long[]> tensors() {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("wte.weight", new long[] {vocabulary, dModel});
        tensors.put("wpe.weight", new long[] {positions, dModel});
        for (int layer = 0; layer < layers; layer++) {
            String block = "h." + layer + ".";
            norm(tensors, block + "ln_1");
            linear(tensors, block + "attn.c_attn", dModel, 3L * dModel);
            linear(tensors, block + "attn.c_proj", dModel, dModel);
            norm(tensors, block + "ln_2");
            linear(tensors, block + "mlp.c_fc", dModel, dMlp);
            linear(tensors, block + "mlp.c_proj", dMlp, dModel);
        }
        norm(tensors, "ln_f");
        return tensors;
    }

    private void norm(Map<String, long[]> tensors, String name) {
        tensors.put(name + ".weight", new long[] {dModel});
        tensors.put(name + ".bias", new long[] {dModel});
    }

    private static void linear(Map<String, long[]> tensors, String name, long in, long out) {
        tensors.put(name + ".weight", new long[] {in, out});
        tensors.put(name + ".bias", new long[] {out});
    }
}
