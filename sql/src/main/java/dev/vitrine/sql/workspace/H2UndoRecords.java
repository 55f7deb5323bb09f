package dev.vitrine.sql.workspace;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.DataType;

/**
 * What a writer that was killed in the middle of a change has left for H2 to undo: each record names a map, and its key and old value are
 * of that map's types. Only maps of tables and indexes, whose types are known, may be named.
 */
final class H2UndoRecords extends BasicDataType<Integer> {
    private final Path file;
    private final MVStore store;
    private final Map<String, DataType<?>> types;
    private final int forbidden;

    /**
     * @param types the file's types by name
     * @param forbidden id of the map whose keys and values are Java objects
     */
    H2UndoRecords(Path file, MVStore store, Map<String, DataType<?>> types, int forbidden) {
        this.file = file;
        this.store = store;
        this.types = types;
        this.forbidden = forbidden;
    }

    /** Gives the map's id; negative for the mark that a transaction is committed. */
    @Override
    public Integer read(ByteBuffer bytes) {
        int map = DataUtils.readVarInt(bytes);
        if (map < 0) {
            return map;
        }
        String described = store.getMetaMap().get("map." + Integer.toHexString(map));
        Map<String, String> description = described == null ? Map.of() : DataUtils.parseMap(described);
        String name = description.getOrDefault("name", "");
        DataType<?> key = types.get(description.getOrDefault("key", ""));
        DataType<?> value = types.get(description.getOrDefault("val", ""));
        boolean rows = map != forbidden && (name.startsWith("table.") || name.startsWith("index."));
        if (!rows || key == null || value == null || key instanceof H2Types || value instanceof H2Types) {
            throw H2Inspection.refused(file, "a change of map " + map + " is to be undone in it");
        }
        key.read(bytes);
        if (bytes.get() == 1) {
            value.read(bytes);
        }
        return map;
    }

    @Override
    public int getMemory(Integer map) {
        return 0;
    }

    @Override
    public void write(WriteBuffer bytes, Integer map) {
        throw new UnsupportedOperationException("only reads");
    }

    @Override
    public Integer[] createStorage(int size) {
        return new Integer[size];
    }
}
