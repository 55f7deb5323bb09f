package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the statistics of attention's tiles to their own file, prompt by prompt, however the prompts' batches came. That file follows
 * from the rows' statistics, so a resumed run begins it anew from there.
 */
final class AttentionStatistics implements Closeable {
    private record Tile(int layer, int head, Map<Statistic, Double> values) {}

    private final TensorTable table;
    private final RowFile tiles;
    /** Of the rows that were committed before. */
    private final Map<Statistic, MappedStatistic> committed = new EnumMap<>(Statistic.class);

    /** Tokens of the prompts that were committed before and are not in the file of tiles yet. */
    private final List<Integer> skipped = new ArrayList<>();

    /** Tiles whose prompts have not ended, by prompt. */
    private final SortedMap<Integer, List<Tile>> ahead = new TreeMap<>();

    /** @param resumed what the file of rows has already */
    AttentionStatistics(Path folder, WriteQueue queue, TensorTable table, MappedFile resumed) {
        this.table = table;
        tiles = new RowFile(folder, TableLayout.ATTENTION_TILES, queue);
        for (Statistic statistic : Statistic.values()) {
            committed.put(statistic, new MappedStatistic(resumed, statistic));
        }
    }

    /** Begins a batch of so many rows. */
    BatchStatistics begin(int rows) throws IOException {
        readSkipped();
        return new BatchStatistics(this, rows);
    }

    /** Takes the next tile of a prompt. */
    void add(int prompt, int layer, int head, Map<Statistic, Double> values) {
        ahead.computeIfAbsent(prompt, key -> new ArrayList<>()).add(new Tile(layer, head, values));
    }

    /** The prompts before this one have ended: their tiles go to the file. */
    void endPrompts(int before) throws IOException {
        SortedMap<Integer, List<Tile>> ended = ahead.headMap(before);
        for (Map.Entry<Integer, List<Tile>> prompt : ended.entrySet()) {
            for (Tile tile : prompt.getValue()) {
                tiles.add(prompt.getKey()).add(tile.layer()).add(tile.head());
                for (Map.Entry<Statistic, Double> value : tile.values().entrySet()) {
                    if (value.getKey().isDouble()) {
                        tiles.add(value.getValue());
                    } else {
                        tiles.add(value.getValue().floatValue());
                    }
                }
                tiles.endRow();
            }
        }
        ended.clear();
    }

    /** Takes the next prompt, of n tokens, that was committed before. Whether it was is known only when all of these have been taken. */
    void skip(int n) {
        skipped.add(n);
    }

    private void readSkipped() throws IOException {
        long row = 0;
        for (int prompt = 0; prompt < skipped.size(); prompt++) {
            int n = skipped.get(prompt);
            double[] rows = new double[n];
            for (TensorTable.Unit unit : table.units()) {
                for (int head = 0; head < table.heads(); head++) {
                    Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
                    for (Statistic statistic : Statistic.values()) {
                        requireNonNull(committed.get(statistic)).get(row, rows, n);
                        values.put(statistic, statistic.of(rows, 0, n));
                    }
                    add(prompt, unit.layer(), head, values);
                    row += n;
                }
            }
            endPrompts(prompt + 1);
        }
        skipped.clear();
    }

    FileEntry finish() throws IOException {
        readSkipped();
        endPrompts(Integer.MAX_VALUE);
        return tiles.finish();
    }

    @Override
    public void close() throws IOException {
        tiles.close();
    }
}
