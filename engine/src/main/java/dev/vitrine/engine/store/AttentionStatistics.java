package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the statistics of attention's rows while they are written, for the columns beside them, and writes those of tiles to their own
 * file. That file follows from the rows' columns, so a resumed run begins it anew from there.
 */
final class AttentionStatistics implements Closeable {
    private final TensorTable table;
    private final RowFile tiles;
    /** Of the rows that were committed before. */
    private final Map<Statistic, MappedStatistic> committed = new EnumMap<>(Statistic.class);

    /** Tokens of the prompts that were committed before and are not in the file of tiles yet. */
    private final List<Integer> skipped = new ArrayList<>();

    // Of the rows of the batch. Arrays and no map, whose walk for every row would leave objects behind.
    private double[] min = {};
    private double[] max = {};
    private double[] sum = {};
    private int at;
    private final RowStatistics ofRow = new RowStatistics();

    /** @param resumed what the file of rows has already */
    AttentionStatistics(Path folder, TensorTable table, MappedFile resumed) throws IOException {
        this.table = table;
        tiles = RowFile.create(folder, TableLayout.ATTENTION_TILES);
        for (Statistic statistic : Statistic.values()) {
            committed.put(statistic, new MappedStatistic(resumed, statistic));
        }
    }

    /** Begins a batch of so many rows. */
    void begin(int count) throws IOException {
        readSkipped();
        clear(count);
    }

    private void clear(int count) {
        at = 0;
        if (min.length < count) {
            min = new double[count];
            max = new double[count];
            sum = new double[count];
        }
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
    void endTile(int prompt, int layer, int head, int n) throws IOException {
        tiles.add(prompt).add(layer).add(head);
        for (Statistic statistic : Statistic.values()) {
            double value = statistic.of(of(statistic), at - n, at);
            if (statistic.isDouble()) {
                tiles.add(value);
            } else {
                tiles.add((float) value);
            }
        }
        tiles.endRow();
    }

    /** Appends a statistic of the batch's rows to the file's current buffer. */
    void write(Statistic statistic, BatchFile file) throws IOException {
        double[] values = of(statistic);
        for (int i = 0; i < at; i++) {
            if (statistic.isDouble()) {
                file.putDouble(values[i]);
            } else {
                file.putFloat((float) values[i]);
            }
        }
    }

    /** Takes the next prompt, of n tokens, that was committed before. Whether it was is known only when all of these have been taken. */
    void skip(int n) {
        skipped.add(n);
    }

    private void readSkipped() throws IOException {
        long row = 0;
        for (int prompt = 0; prompt < skipped.size(); prompt++) {
            int n = skipped.get(prompt);
            clear(n);
            at = n;
            for (TensorTable.Unit unit : table.units()) {
                for (int head = 0; head < table.heads(); head++) {
                    for (Statistic statistic : Statistic.values()) {
                        requireNonNull(committed.get(statistic)).get(row, of(statistic), n);
                    }
                    endTile(prompt, unit.layer(), head, n);
                    row += n;
                }
            }
        }
        skipped.clear();
    }

    private double[] of(Statistic statistic) {
        return switch (statistic) {
            case MIN -> min;
            case MAX -> max;
            case SUM -> sum;
        };
    }

    FileEntry finish() throws IOException {
        readSkipped();
        return tiles.finish();
    }

    @Override
    public void close() throws IOException {
        tiles.close();
    }
}
