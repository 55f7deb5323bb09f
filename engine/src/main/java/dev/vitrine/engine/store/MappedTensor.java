package dev.vitrine.engine.store;

import java.nio.file.Path;
import java.util.Objects;

/** A tensor file of a run, addressed by prompt, unit, head and position. Thread-safe. */
final class MappedTensor {
    private final TensorTable table;
    private final PromptLengths lengths;
    private final long[] tileNumbersBefore;
    private final MappedFile file;
    private final MappedNumbers numbers;

    private MappedTensor(TensorTable table, PromptLengths lengths, MappedFile file) {
        this.table = table;
        this.lengths = lengths;
        this.tileNumbersBefore = lengths.tileNumbersBefore(table);
        this.file = file;
        long[] starts = new long[file.batches() + 1];
        for (int batch = 0; batch <= file.batches(); batch++) {
            starts[batch] = numberOf(file.firstRow(batch));
        }
        String column = table.attention() ? "weights" : "vector";
        this.numbers = new MappedNumbers(file, column, table.type(), starts);
    }

    static MappedTensor open(Path folder, RunManifest manifest, TensorTable table, PromptLengths lengths) {
        long rows = table.tiles() * lengths.before(lengths.prompts());
        return new MappedTensor(
                table, lengths, MappedFile.open(folder, manifest, table.layout(), table.schema(), rows));
    }

    TensorTable table() {
        return table;
    }

    int tokens(int prompt) {
        return lengths.tokens(prompt);
    }

    MappedStatistic statistic(Statistic statistic) {
        return new MappedStatistic(file, statistic);
    }

    /** The row, counted over the file. */
    long row(int prompt, int unit, int head, int pos) {
        int n = lengths.tokens(prompt);
        return table.tiles() * lengths.before(prompt) + tile(unit, head) * n + Objects.checkIndex(pos, n);
    }

    /** Copies rows {@code from} to {@code to}, exclusive, which lie one after the other. */
    int get(int prompt, int unit, int head, int from, int to, float[] into) {
        int n = lengths.tokens(prompt);
        Objects.checkFromToIndex(from, to, n);
        long start = table.rowStart(n, from);
        int length = (int) (table.rowStart(n, to) - start);
        long tile = table.tiles() * tileNumbersBefore[prompt] + tile(unit, head) * table.tileNumbers(n);
        numbers.get(tile + start, into, 0, length);
        return length;
    }

    /** Copies numbers {@code from} to {@code to}, exclusive, of one row to the front of {@code into}. */
    void slice(int prompt, int unit, int head, int pos, int from, int to, float[] into) {
        int n = lengths.tokens(prompt);
        Objects.checkIndex(pos, n);
        Objects.checkFromToIndex(from, to, table.rowLength(n, pos));
        long tile = table.tiles() * tileNumbersBefore[prompt] + tile(unit, head) * table.tileNumbers(n);
        numbers.get(tile + table.rowStart(n, pos) + from, into, 0, to - from);
    }

    /**
     * Copies number {@code slope} · pos + {@code offset} of each of the rows {@code from} to {@code to}, exclusive; where a row has no
     * such number {@code into} is left as it is. A tile lies in one batch, so that the loop does nothing but load: the loads then
     * overlap, where row by row each would wait for memory alone. Both what rows hold and the line are linear in the position, so
     * that rows which have the number lie one after the other.
     */
    void line(int prompt, int unit, int head, int from, int to, int slope, long offset, float[] into) {
        int n = lengths.tokens(prompt);
        Objects.checkFromToIndex(from, to, n);
        long tile = table.tiles() * tileNumbersBefore[prompt] + tile(unit, head) * table.tileNumbers(n);
        if (from == to) {
            return;
        }
        int first = from;
        while (first < to && !has(n, first, slope, offset)) {
            first++;
        }
        int end = to;
        while (first < end && !has(n, end - 1, slope, offset)) {
            end--;
        }
        if (first < end) {
            int batch = numbers.batchOf(tile);
            long start = tile - numbers.start(batch);
            int index = (int) (start + table.rowStart(n, first) + (long) slope * first + offset);
            int growth = table.rowLength(n, 1) - table.rowLength(n, 0);
            numbers.view(batch).line(index, table.rowLength(n, first) + slope, growth, into, first - from, end - first);
        }
    }

    private boolean has(int n, int pos, int slope, long offset) {
        long number = (long) slope * pos + offset;
        return number >= 0 && number < table.rowLength(n, pos);
    }

    /** The tile, counted over the file. */
    long tile(int prompt, int unit, int head) {
        return (long) table.tiles() * Objects.checkIndex(prompt, lengths.prompts()) + tile(unit, head);
    }

    private long tile(int unit, int head) {
        return (long) unit * table.heads() + Objects.checkIndex(head, table.heads());
    }

    /** How many numbers stand before a row that begins a tile; {@code BAD_STORE} if it does not begin one. */
    private long numberOf(long row) {
        if (lengths.prompts() == 0) {
            return 0;
        }
        int tiles = table.tiles();
        int prompt = lengths.promptOf(row / tiles);
        long inPrompt = row - tiles * lengths.before(prompt);
        int n = lengths.tokens(prompt);
        if (inPrompt % n != 0) {
            throw MappedFile.bad(file.path(), "has a batch that begins at row " + row + ", in the middle of a head");
        }
        return tiles * tileNumbersBefore[prompt] + inPrompt / n * table.tileNumbers(n);
    }
}
