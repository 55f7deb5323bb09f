package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attention weights as {@code attention.arrow} has them. */
final class StoredAttention extends AttentionRows {
    private final MappedTensor tensor;
    private final Map<Statistic, MappedStatistic> ofRows = new EnumMap<>(Statistic.class);
    private final Map<Statistic, MappedStatistic> ofTiles = new EnumMap<>(Statistic.class);
    private final int[] unitOfLayer;

    /** @param tiles their statistics; null in a run that has none and of rows the largest weight alone */
    StoredAttention(MappedTensor tensor, @Nullable MappedFile tiles, PromptLengths lengths, int[] unitOfLayer) {
        super(lengths, tensor.table().causal());
        this.tensor = tensor;
        this.unitOfLayer = unitOfLayer;
        for (Statistic statistic : Statistic.values()) {
            if (tiles != null || statistic == Statistic.MAX) {
                ofRows.put(statistic, tensor.statistic(statistic));
            }
            if (tiles != null) {
                ofTiles.put(statistic, new MappedStatistic(tiles, statistic));
            }
        }
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

    /** Rows of a head lie one after the other in one batch. */
    @Override
    public void statistics(
            Statistic statistic, int prompt, int layer, int head, int fromQuery, int toQuery, double[] into) {
        MappedStatistic known = ofRows.get(statistic);
        if (known == null) {
            super.statistics(statistic, prompt, layer, head, fromQuery, toQuery, into);
        } else if (fromQuery < toQuery) {
            long first = tensor.row(prompt, unit(layer), head, fromQuery);
            tensor.row(prompt, unit(layer), head, toQuery - 1);
            known.get(first, into, toQuery - fromQuery);
        }
    }

    @Override
    public double statistic(Statistic statistic, int prompt, int layer, int head) {
        MappedStatistic known = ofTiles.get(statistic);
        return known == null ? Double.NaN : known.get(tensor.tile(prompt, unit(layer), head));
    }

    private int unit(int layer) {
        if (layer < 0 || layer >= unitOfLayer.length || unitOfLayer[layer] < 0) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "attention of layer " + layer + " is not kept");
        }
        return unitOfLayer[layer];
    }
}
