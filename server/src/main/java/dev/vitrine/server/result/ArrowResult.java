package dev.vitrine.server.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * An Arrow IPC stream. Types follow {@link ArrowColumn}; arrays are lists, so that vectors arrive as {@code list<float>}. A stream
 * without its end-of-stream marker was cut.
 */
public final class ArrowResult implements ResultWriter {
    /** A batch ends at so many rows, or at so many array elements (8 MiB of float32). */
    private static final int BATCH_ROWS = 8192;

    private static final int BATCH_ELEMENTS = 2 << 20;

    private final OutputStream out;
    private final BufferAllocator allocator;
    private final List<ArrowColumn> columns = new ArrayList<>();
    private @Nullable VectorSchemaRoot batch;
    private @Nullable ArrowStreamWriter writer;
    private int rows;
    private long elements;

    /** Takes at most so many bytes of the allocator, and gives them back when closed. */
    public ArrowResult(OutputStream out, BufferAllocator parent, long bytes) {
        this.out = out;
        this.allocator = parent.newChildAllocator("result", 0, bytes);
    }

    @Override
    public void begin(List<Column> columns) throws IOException {
        List<FieldVector> vectors = new ArrayList<>();
        for (Column column : columns) {
            ArrowColumn target = ArrowColumn.of(column, allocator);
            this.columns.add(target);
            vectors.add(target.vector());
        }
        batch = new VectorSchemaRoot(vectors);
        writer = new ArrowStreamWriter(batch, null, Channels.newChannel(out));
        writer.start();
    }

    @Override
    public void row(ResultSet row) throws SQLException, IOException {
        for (int i = 0; i < columns.size(); i++) {
            elements += columns.get(i).set(rows, row, i + 1);
        }
        rows++;
        if (rows == BATCH_ROWS || elements >= BATCH_ELEMENTS) {
            writeBatch();
        }
    }

    private void writeBatch() throws IOException {
        if (batch == null || writer == null || rows == 0) {
            return;
        }
        batch.setRowCount(rows);
        writer.writeBatch();
        batch.getFieldVectors().forEach(FieldVector::reset);
        rows = 0;
        elements = 0;
    }

    @Override
    public void end(ResultSummary summary) throws IOException {
        writeBatch();
        if (writer != null) {
            writer.end();
        }
        out.flush();
    }

    @Override
    public boolean fail(Object problem) {
        return false;
    }

    @Override
    public void close() {
        columns.forEach(column -> column.vector().close());
        allocator.close();
    }
}
