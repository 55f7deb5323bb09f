package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;

/** Attention weights as {@code attention.arrow} has them. */
final class StoredAttention extends AttentionRows {
    private final MappedTensor tensor;
    private final MappedNumbers maxima;
    private final int[] unitOfLayer;

    StoredAttention(MappedTensor tensor, PromptLengths lengths, int[] unitOfLayer) {
        super(lengths, tensor.table().causal());
        this.tensor = tensor;
        this.maxima = tensor.perRow("max");
        this.unitOfLayer = unitOfLayer;
    }

    @Override
    public int block(int prompt, int layer, int head, int fromQuery, int toQuery, float[] into) {
        return tensor.get(prompt, unit(layer), head, fromQuery, toQuery, into);
    }

    @Override
    public void slice(int prompt, int layer, int head, int query, int fromKey, int toKey, float[] into) {
        tensor.slice(prompt, unit(layer), head, query, fromKey, toKey, into);
    }

    @Override
    public void line(
            int prompt, int layer, int head, int fromQuery, int toQuery, int slope, long offset, float[] into) {
        tensor.line(prompt, unit(layer), head, fromQuery, toQuery, slope, offset, into);
    }

    @Override
    public float max(int prompt, int layer, int head, int query) {
        return maxima.get(tensor.row(prompt, unit(layer), head, query));
    }

    /** Rows of a head lie one after the other in one batch. */
    @Override
    public void maxima(int prompt, int layer, int head, int fromQuery, int toQuery, float[] into) {
        if (fromQuery < toQuery) {
            long first = tensor.row(prompt, unit(layer), head, fromQuery);
            tensor.row(prompt, unit(layer), head, toQuery - 1);
            maxima.get(first, into, 0, toQuery - fromQuery);
        }
    }

    private int unit(int layer) {
        if (layer < 0 || layer >= unitOfLayer.length || unitOfLayer[layer] < 0) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "attention of layer " + layer + " is not kept");
        }
        return unitOfLayer[layer];
    }
}
