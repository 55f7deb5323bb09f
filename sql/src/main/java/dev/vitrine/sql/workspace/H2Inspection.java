package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.db.RowDataType;
import org.h2.mvstore.tx.VersionedValueType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.h2.result.RowFactory;
import org.h2.result.SearchRow;
import org.h2.value.CompareMode;
import org.h2.value.Value;
import org.h2.value.ValueVarchar;
import org.h2.value.VersionedValue;
import org.jspecify.annotations.Nullable;

/**
 * Looks through an H2 file before H2 opens it. A workspace comes with its store, and a store may come from anyone, while H2 runs every
 * statement in the file's table of definitions at opening (aliases with Java code, triggers, linked tables, views over files and
 * addresses), makes objects of the classes that the file names as types, and deserializes what a prepared transaction left. None of
 * these is in a file that Vitrine wrote, so a file with any of them is refused, unopened.
 */
final class H2Inspection {
    private static final String DEFINITIONS = "table.0";
    private static final String TYPES = "_";
    private static final String PREPARED = "openTransactions";
    private static final String UNDO = "undoLog";
    private static final int DEFINITION_COLUMNS = 4;
    private static final int DEFINITION_SQL = 3;

    private final Path name;
    private final MVStore store;

    private H2Inspection(Path name, MVStore store) {
        this.name = name;
        this.store = store;
    }

    /**
     * {@code BAD_STORE} where the file holds what Vitrine does not write, or cannot be read. A file that is not there passes.
     *
     * @param name what messages call the file
     */
    static void inspect(Path file, Path name) {
        // H2 would take this for the file itself where that is missing.
        Path replacement = file.resolveSibling(file.getFileName() + ".newFile");
        if (Files.exists(replacement)) {
            throw refused(name, "beside it is " + replacement.getFileName());
        }
        if (!Files.exists(file)) {
            return;
        }
        try (MVStore store = new MVStore.Builder()
                .fileName(file.toAbsolutePath().toString())
                .readOnly()
                .autoCommitDisabled()
                .open()) {
            new H2Inspection(name, store).inspect();
        } catch (RuntimeException e) {
            for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof VitrineException reason) {
                    throw reason;
                }
            }
            // Whatever else H2's readers throw at bytes that are not theirs.
            throw new VitrineException(
                    ErrorCode.BAD_STORE, "workspace " + name + " is damaged or no H2 file: " + e.getMessage(), e);
        }
    }

    private void inspect() {
        if (store.getMapNames().isEmpty()) {
            return;
        }
        if (!store.hasMap(TYPES) || !store.hasMap(PREPARED) || !store.hasMap(DEFINITIONS)) {
            throw refused(name, "it was not made by this version of H2");
        }
        Map<String, DataType<?>> types = store.openMap(TYPES, builder(StringDataType.INSTANCE, new H2Types(name)));
        // Reads every entry, so that a type that must not be there is found.
        types.forEach((key, type) -> {});
        H2Nothing nothing = new H2Nothing(name, "a transaction in it was prepared by another program");
        MVMap<Object, Object> prepared = store.openMap(PREPARED, builder(nothing, nothing));
        prepared.forEach((key, value) -> {});
        definitions();
        H2UndoRecords records = new H2UndoRecords(name, store, types, prepared.getId());
        for (String map : store.getMapNames()) {
            if (map.startsWith(UNDO)) {
                store.openMap(map, builder(LongDataType.INSTANCE, records)).forEach((key, record) -> {});
            }
        }
    }

    private void definitions() {
        CompareMode compare = CompareMode.getInstance(null, 0);
        RowDataType row = RowFactory.getDefaultRowFactory()
                .createRowFactory(
                        null, compare, null, new int[DEFINITION_COLUMNS], null, null, DEFINITION_COLUMNS, false)
                .getRowDataType();
        MVMap<Long, VersionedValue<SearchRow>> definitions = store.openMap(
                DEFINITIONS, builder(LongDataType.INSTANCE, new VersionedValueType<SearchRow, Object>(row)));
        for (Iterator<VersionedValue<SearchRow>> each = definitions.values().iterator(); each.hasNext(); ) {
            VersionedValue<SearchRow> definition = each.next();
            requireKnown(definition.getCurrentValue());
            requireKnown(definition.getCommittedValue());
        }
    }

    private void requireKnown(@Nullable SearchRow definition) {
        if (definition == null) {
            return;
        }
        Value sql = definition.getValue(DEFINITION_SQL);
        if (!(sql instanceof ValueVarchar text)) {
            throw refused(name, "a definition in it is no text");
        }
        if (!H2Definitions.isKnown(text.getString())) {
            throw refused(name, "it defines " + beginning(text.getString()));
        }
    }

    private static String beginning(String sql) {
        String line = sql.replaceAll("\\s+", " ");
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }

    static <K, V> MVMap.Builder<K, V> builder(DataType<K> keys, DataType<V> values) {
        return new MVMap.Builder<K, V>().keyType(keys).valueType(values);
    }

    static VitrineException refused(Path name, String reason) {
        return new VitrineException(
                ErrorCode.BAD_STORE,
                "workspace " + name + " is not opened: " + reason
                        + "; expected plain tables as Vitrine makes them; delete the file to go on without it");
    }
}
