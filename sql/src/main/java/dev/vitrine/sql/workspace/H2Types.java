package dev.vitrine.sql.workspace;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.db.NullValueDataType;
import org.h2.mvstore.db.RowDataType;
import org.h2.mvstore.db.ValueDataType;
import org.h2.mvstore.tx.VersionedValueType;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * The types of keys and values that an H2 file names by class, read without loading any class that the file chooses: those that H2 gives
 * to plain tables, their indexes and its store of large values, and no others.
 */
final class H2Types extends BasicDataType<DataType<?>> {
    private static final String LARGE_VALUES = "org.h2.mvstore.db.LobStorageMap$";

    private final Path file;

    H2Types(Path file) {
        this.file = file;
    }

    @Override
    public DataType<?> read(ByteBuffer bytes) {
        String name = name(bytes);
        return name.equals(VersionedValueType.Factory.class.getName())
                ? new VersionedValueType<>(plain(name(bytes), bytes))
                : plain(name, bytes);
    }

    private static String name(ByteBuffer bytes) {
        return DataUtils.readString(bytes, DataUtils.readVarInt(bytes));
    }

    private DataType<?> plain(String name, ByteBuffer bytes) {
        if (name.equals(RowDataType.Factory.class.getName())) {
            return new RowDataType.Factory().create(bytes, null, null);
        }
        if (name.equals(ValueDataType.Factory.class.getName())) {
            return new ValueDataType.Factory().create(bytes, null, null);
        }
        for (DataType<?> known : new DataType<?>[] {
            LongDataType.INSTANCE, StringDataType.INSTANCE, ByteArrayDataType.INSTANCE, NullValueDataType.INSTANCE
        }) {
            if (name.equals(known.getClass().getName())) {
                return known;
            }
        }
        if (name.equals(LARGE_VALUES + "BlobMeta$Type") || name.equals(LARGE_VALUES + "BlobReference$Type")) {
            return this; // Stands for a type that only H2 itself reads.
        }
        throw H2Inspection.refused(file, "it names the type " + name);
    }

    @Override
    public int getMemory(DataType<?> type) {
        return 0;
    }

    @Override
    public void write(WriteBuffer bytes, DataType<?> type) {
        throw new UnsupportedOperationException("only reads");
    }

    @Override
    public @Nullable DataType<?>[] createStorage(int size) {
        return new DataType<?>[size];
    }
}
