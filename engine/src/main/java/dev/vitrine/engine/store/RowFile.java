package dev.vitrine.engine.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table of numbers, texts and bits row by row, in batches of about a megabyte. The file is made for the first of them: before
 * that, and in most runs that is until they end, it needs no buffer.
 */
final class RowFile implements Closeable {
    private static final int BATCH_BYTES = 1 << 20;

    private final Path path;
    private final Schema schema;
    private final WriteQueue queue;
    private @Nullable BatchFile file;
    private final List<Field> fields;
    private final Growing[] values;
    private final Growing[] offsets;
    private int rows;
    private int column;

    RowFile(Path folder, TableLayout layout, WriteQueue queue) {
        this.path = folder.resolve(layout.file());
        this.schema = layout.schema();
        this.queue = queue;
        this.fields = schema.getFields();
        this.values = new Growing[fields.size()];
        this.offsets = new Growing[fields.size()];
        for (int i = 0; i < fields.size(); i++) {
            values[i] = new Growing();
            offsets[i] = new Growing();
        }
    }

    /** The next column of the current row. */
    RowFile add(int value) {
        values[column++].room(Integer.BYTES).putInt(value);
        return this;
    }

    RowFile add(float value) {
        values[column++].room(Float.BYTES).putFloat(value);
        return this;
    }

    RowFile add(double value) {
        values[column++].room(Double.BYTES).putDouble(value);
        return this;
    }

    RowFile add(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        offsets[column].room(Integer.BYTES).putInt(values[column].length());
        values[column++].room(bytes.length).put(bytes);
        return this;
    }

    RowFile add(boolean value) {
        if (rows % Byte.SIZE == 0) {
            values[column].room(1).put((byte) 0);
        }
        ByteBuffer bits = values[column++].bytes;
        int last = bits.position() - 1;
        bits.put(last, (byte) (bits.get(last) | (value ? 1 : 0) << rows % Byte.SIZE));
        return this;
    }

    void endRow() throws IOException {
        column = 0;
        rows++;
        int size = 0;
        for (Growing value : values) {
            size += value.length();
        }
        if (size >= BATCH_BYTES) {
            flush();
        }
    }

    FileEntry finish() throws IOException {
        if (rows > 0) {
            flush();
        }
        return file().finish();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private BatchFile file() throws IOException {
        BatchFile open = file;
        if (open == null) {
            open = BatchFile.create(path, schema, queue);
            file = open;
        }
        return open;
    }

    private void flush() throws IOException {
        BatchFile to = file();
        long[] nodes = new long[fields.size()];
        long[] lengths = new long[3 * fields.size()];
        int buffers = 0;
        for (int i = 0; i < fields.size(); i++) {
            nodes[i] = rows;
            lengths[buffers++] = 0;
            if (isText(i)) {
                offsets[i].room(Integer.BYTES).putInt(values[i].length());
                lengths[buffers++] = offsets[i].length();
            }
            lengths[buffers++] = values[i].length();
        }
        to.begin(rows, nodes, Arrays.copyOf(lengths, buffers), ArrowMessages.ALIGNMENT);
        for (int i = 0; i < fields.size(); i++) {
            to.endBuffer();
            if (isText(i)) {
                write(to, offsets[i]);
            }
            write(to, values[i]);
        }
        to.end();
        rows = 0;
    }

    private boolean isText(int index) {
        return fields.get(index).getType() instanceof ArrowType.Utf8;
    }

    private static void write(BatchFile to, Growing growing) {
        to.put(growing.bytes.flip());
        to.endBuffer();
        growing.bytes.clear();
    }

    /** A little-endian buffer that grows. */
    private static final class Growing {
        private ByteBuffer bytes = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);

        ByteBuffer room(int more) {
            if (bytes.remaining() < more) {
                int capacity = Math.max(2 * bytes.capacity(), bytes.position() + more);
                bytes = ByteBuffer.allocate(capacity)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(bytes.flip());
            }
            return bytes;
        }

        int length() {
            return bytes.position();
        }
    }
}
