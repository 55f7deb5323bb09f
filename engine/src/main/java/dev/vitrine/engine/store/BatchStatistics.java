package dev.vitrine.engine.store;

import java.util.EnumMap;
import java.util.Map;

/** The statistics of attention's rows in one record batch, taken while it is written. */
final class BatchStatistics {
    private final AttentionStatistics tiles;
    private final double[] min;
    private final double[] max;
    private final double[] sum;
    private final RowStatistics ofRow = RowStatistics.create();
    private int at;

    /** @param rows of the batch */
    BatchStatistics(AttentionStatistics tiles, int rows) {
        this.tiles = tiles;
        min = new double[rows];
        max = new double[rows];
        sum = new double[rows];
    }

    /** The batch's next row is the first weights of {@code row}. */
    void add(float[] row, int length) {
        ofRow.take(row, length);
        min[at] = ofRow.get(Statistic.MIN);
        max[at] = ofRow.get(Statistic.MAX);
        sum[at] = ofRow.get(Statistic.SUM);
        at++;
    }

    /** The last n rows were a tile. */
    void endTile(int prompt, int layer, int head, int n) {
        Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
        for (Statistic statistic : Statistic.values()) {
            values.put(statistic, statistic.of(of(statistic), at - n, at));
        }
        tiles.add(prompt, layer, head, values);
    }

    /** Appends a statistic of the batch's rows to the file's current buffer. */
    void write(Statistic statistic, BatchFile file) {
        double[] values = of(statistic);
        for (int i = 0; i < at; i++) {
            if (statistic.isDouble()) {
                file.putDouble(values[i]);
            } else {
                file.putFloat((float) values[i]);
            }
        }
    }

    private double[] of(Statistic statistic) {
        return switch (statistic) {
            case MIN -> min;
            case MAX -> max;
            case SUM -> sum;
        };
    }
}
