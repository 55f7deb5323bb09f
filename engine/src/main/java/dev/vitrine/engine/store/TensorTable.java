package dev.vitrine.engine.store;

import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.model.HookPoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a tensor file holds of every prompt: for each unit in turn, for each head in turn, one tile. A tile is what one head has of
 * one prompt of n tokens: [n, width] vectors, or attention's n rows of n keys (of 1, 2, … n keys in a causal model). Rows and
 * numbers of a file thus stand at places that follow from the lengths of the prompts before.
 *
 * @param layout the file
 * @param units what a prompt has there, in file order
 * @param heads tiles per unit; 1 where the model does not split by head
 * @param width numbers per row; 0 in attention
 * @param causal whether a row of attention ends at the query's own position
 * @param type how a number is stored
 * @param statistics whether attention has every {@link Statistic}
 */
record TensorTable(
        TableLayout layout,
        List<Unit> units,
        int heads,
        int width,
        boolean causal,
        FloatType type,
        boolean statistics) {
    /** One activation of one layer. */
    record Unit(HookPoint hook, int layer) {
        /** The hook's name as it stands in a file. */
        byte[] site() {
            return hook.label().getBytes(StandardCharsets.UTF_8);
        }
    }

    TensorTable {
        units = List.copyOf(units);
    }

    boolean attention() {
        return layout == TableLayout.ATTENTION;
    }

    /** Whether a model gives rows of more keys than a query may see, which are not kept. */
    boolean square() {
        return attention() && causal;
    }

    /** How many of the heads are in an activation of this shape: attention comes in parts, all else whole. */
    int headsIn(Shape activation) {
        return attention() ? (int) activation.get(0) : heads;
    }

    /** Rows of one unit of a prompt of n tokens. */
    int unitRows(int n) {
        return Math.multiplyExact(heads, n);
    }

    Schema schema() {
        return layout.schema(type, width, statistics);
    }

    /** What a prompt of n tokens takes. */
    TableSize size(int n) {
        long rows = (long) tiles() * n;
        long bytes = tiles() * tileNumbers(n) * type.bytes();
        for (Field field : schema().getFields()) {
            bytes += rows * rowBytes(field);
        }
        if (layout == TableLayout.HIDDEN_STATES) {
            bytes += units.stream().mapToLong(unit -> unit.site().length).sum() * n;
        }
        return new TableSize(layout.table(), rows, bytes);
    }

    /** The statistics of attention's tiles in a run of so many prompts. */
    MappedFile openTiles(Path folder, RunManifest manifest, int prompts) {
        TableLayout tiles = TableLayout.ATTENTION_TILES;
        return MappedFile.open(folder, manifest, tiles, tiles.schema(), (long) tiles() * prompts);
    }

    /** What a column takes per row beside the numbers themselves: an index, a statistic, or the offset of a list or a text. */
    static int rowBytes(Field column) {
        return switch (column.getType().getTypeID()) {
            case FixedSizeList -> 0;
            case FloatingPoint -> Statistic.of(column).bytes();
            default -> Integer.BYTES;
        };
    }

    /** Tiles of one prompt. */
    int tiles() {
        return Math.multiplyExact(units.size(), heads);
    }

    /** Numbers in one tile of a prompt of n tokens. */
    long tileNumbers(int n) {
        return rowStart(n, n);
    }

    /** Numbers of one unit as a model gives them at most: attention as full squares, which a causal model's long prompts are not. */
    long givenNumbers(int n) {
        return (long) heads * n * (attention() ? n : width);
    }

    /** Where row {@code pos} begins in a tile of a prompt of n tokens. */
    long rowStart(int n, int pos) {
        if (!attention()) {
            return (long) pos * width;
        }
        return causal ? (long) pos * (pos + 1) / 2 : (long) pos * n;
    }

    /** Numbers in row {@code pos} of a prompt of n tokens. */
    int rowLength(int n, int pos) {
        if (!attention()) {
            return width;
        }
        return causal ? pos + 1 : n;
    }
}
