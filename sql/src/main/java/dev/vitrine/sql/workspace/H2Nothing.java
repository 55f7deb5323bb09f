package dev.vitrine.sql.workspace;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The type of the keys and values of a map that has to be empty: one that is there is refused before a byte of it is looked at. */
final class H2Nothing extends BasicDataType<Object> {
    private final Path file;
    private final String reason;

    H2Nothing(Path file, String reason) {
        this.file = file;
        this.reason = reason;
    }

    @Override
    public Object read(ByteBuffer bytes) {
        throw H2Inspection.refused(file, reason);
    }

    @Override
    public int getMemory(Object value) {
        return 0;
    }

    @Override
    public void write(WriteBuffer bytes, Object value) {
        throw new UnsupportedOperationException("only reads");
    }

    @Override
    public Object[] createStorage(int size) {
        return new Object[size];
    }
}
