package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.model.architecture.RopeScaling;
import dev.vitrine.engine.model.architecture.Rotary;

/**
 * Cosines and sines of a rotary embedding for one prompt. Powers, angles and both functions are computed by torch in float32, as the
 * reference does: at thousands of tokens another rounding of the angle is an error of 1e-4.
 */
final class RotaryTable {
    private final int half;
    private final NDArray cosines; // [n, dims / 2]
    private final NDArray sines; // [n, dims / 2]

    private RotaryTable(int half, NDArray cosines, NDArray sines) {
        this.half = half;
        this.cosines = cosines;
        this.sines = sines;
    }

    static RotaryTable of(Rotary rotary, int n, NDManager manager) {
        RopeScaling scaling = rotary.scaling();
        int half = rotary.dims() / 2;
        float[] exponents = new float[half];
        for (int i = 0; i < half; i++) {
            exponents[i] = 2f * i / rotary.dims();
        }
        float theta = (float) scaling.theta(rotary.theta(), rotary.dims(), n);
        try (NDManager scratch = manager.newSubManager()) {
            float[] powers = scratch.create(new float[] {theta})
                    .pow(scratch.create(exponents))
                    .toFloatArray();
            float[] frequencies = scaling.frequencies(powers, n);
            float[] angles = new float[n * half];
            for (int position = 0; position < n; position++) {
                for (int i = 0; i < half; i++) {
                    angles[position * half + i] = position * frequencies[i];
                }
            }
            NDArray all = scratch.create(angles, new Shape(n, half));
            NDArray cosines = all.cos();
            NDArray sines = all.sin();
            if (scaling.attentionFactor() != 1) {
                cosines.muli((float) scaling.attentionFactor());
                sines.muli((float) scaling.attentionFactor());
            }
            cosines.attach(manager);
            sines.attach(manager);
            return new RotaryTable(half, cosines, sines);
        }
    }

    /** Queries or keys [heads, n, d_head], rotated; contiguous, whatever the argument was. */
    NDArray rotate(NDArray x) {
        long width = x.getShape().get(2);
        long[] cuts = width == 2L * half ? new long[] {half} : new long[] {half, 2L * half};
        NDList parts = x.split(cuts, 2);
        NDArray first = parts.get(0);
        NDArray second = parts.get(1);
        NDList rotated = new NDList(
                first.mul(cosines).subi(second.mul(sines)), second.mul(cosines).addi(first.mul(sines)));
        if (parts.size() == 3) {
            rotated.add(parts.get(2));
        }
        return NDArrays.concat(rotated, 2);
    }
}
