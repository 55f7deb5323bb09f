package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;

/**
 * Vectors that a run keeps for every prompt, layer, head and position: queries, keys, value vectors, a site of the residual stream, or
 * neurons. float32, whatever is stored. Thread-safe; a call allocates nothing but on the first touch of a batch, whose checksum is
 * verified then ({@code BAD_STORE} if it differs).
 */
public final class VectorRows {
    private final MappedTensor tensor;
    private final String what;
    private final int[] unitOfLayer;

    /** @param unitOfLayer the table's unit for each of the model's layers, −1 where the run does not keep it */
    VectorRows(MappedTensor tensor, String what, int[] unitOfLayer) {
        this.tensor = tensor;
        this.what = what;
        this.unitOfLayer = unitOfLayer;
    }

    /** Numbers in a vector. */
    public int dimension() {
        return tensor.table().width();
    }

    /** Vectors per layer and position: kv heads for keys and value vectors, 1 where the model does not split by head. */
    public int heads() {
        return tensor.table().heads();
    }

    /** Copies the vector at a position, {@link #dimension} numbers, to the front of {@code into}. */
    public void vector(int prompt, int layer, int head, int pos, float[] into) {
        tensor.get(prompt, unit(layer), head, pos, pos + 1, into);
    }

    /** Copies the vectors of positions {@code fromPos} to {@code toPos}, exclusive: [toPos − fromPos, dimension], row-major. */
    public void block(int prompt, int layer, int head, int fromPos, int toPos, float[] into) {
        tensor.get(prompt, unit(layer), head, fromPos, toPos, into);
    }

    /** Copies elements {@code from} to {@code to}, exclusive, of the vector at a position to the front of {@code into}. */
    public void slice(int prompt, int layer, int head, int pos, int from, int to, float[] into) {
        tensor.slice(prompt, unit(layer), head, pos, from, to, into);
    }

    /**
     * Copies one element of each of the vectors at positions {@code fromPos} to {@code toPos}, exclusive: element {@code slope} ·
     * position + {@code offset}. Where a vector has no such element {@code into} is left as it is.
     */
    public void line(int prompt, int layer, int head, int fromPos, int toPos, int slope, long offset, float[] into) {
        tensor.line(prompt, unit(layer), head, fromPos, toPos, slope, offset, into);
    }

    private int unit(int layer) {
        if (layer < 0 || layer >= unitOfLayer.length || unitOfLayer[layer] < 0) {
            throw new VitrineException(ErrorCode.NOT_FOUND, what + " of layer " + layer + " is not kept");
        }
        return unitOfLayer[layer];
    }
}
