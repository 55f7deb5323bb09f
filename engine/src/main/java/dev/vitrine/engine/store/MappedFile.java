package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An Arrow IPC file of a run, mapped and not copied. Opening reads what frames the batches and compares it with the manifest; batches
 * are verified when they are first read. The maps go when the garbage collector finds the file unused, since Java 17 has no safe way
 * to unmap what another thread may be reading.
 */
final class MappedFile {
    private static final long LARGEST_MAP = Integer.MAX_VALUE;
    private static final long LARGEST_TAIL = 1L << 30;

    private final Path path;
    private final List<Field> fields;
    private final MappedBatch[] batches;
    /** First row of each batch, and after the last the number of rows. */
    private final long[] firstRows;

    private MappedFile(Path path, List<Field> fields, MappedBatch[] batches) {
        this.path = path;
        this.fields = fields;
        this.batches = batches;
        this.firstRows = new long[batches.length + 1];
        for (int i = 0; i < batches.length; i++) {
            firstRows[i + 1] = firstRows[i] + batches[i].rows();
        }
    }

    /** Batches of a file that may not be whole yet. */
    static MappedFile of(Path path, Schema schema, MappedBatch[] batches) {
        return new MappedFile(path, schema.getFields(), batches);
    }

    /** Opens a file of a run that must have this many rows. */
    static MappedFile open(Path folder, RunManifest manifest, TableLayout layout, Schema schema, long rows) {
        MappedFile file = open(folder, manifest, layout, schema);
        long found = file.firstRow(file.batches());
        if (found != rows) {
            throw bad(file.path, "has " + found + " rows, the run's prompts and tokens make " + rows);
        }
        return file;
    }

    /** Opens a file of a run; {@code BAD_STORE} if it is not what the manifest says, or has another schema. */
    static MappedFile open(Path folder, RunManifest manifest, TableLayout layout, Schema schema) {
        Path path = folder.resolve(layout.file());
        FileEntry entry = manifest.files().stream()
                .filter(file -> file.name().equals(layout.file()))
                .findFirst()
                .orElseThrow(() -> bad(path, "is not in the manifest's list of files"));
        if (!Files.exists(path)) {
            throw bad(path, "is missing: the manifest lists it with " + entry.bytes() + " bytes");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() != entry.bytes()) {
                throw bad(path, "has " + channel.size() + " bytes, the manifest says " + entry.bytes());
            }
            checkFrame(path, channel, entry, schema);
            return of(path, schema, map(path, channel, entry.batches()));
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, path + " cannot be read: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    int batches() {
        return batches.length;
    }

    MappedBatch batch(int index) {
        return batches[index];
    }

    /** The first row of a batch; of the batch after the last, the number of rows. */
    long firstRow(int batch) {
        return firstRows[batch];
    }

    /** The batch that holds a row. */
    int batchOf(long row) {
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }

    /** The values of a column in a batch: of a list its numbers, of a text its bytes. */
    ByteBuffer values(int batch, String column) {
        return batches[batch].buffer(lastBuffer(column), buffersBefore(fields.size()));
    }

    /** The offsets of a column of texts in a batch. */
    ByteBuffer offsets(int batch, String column) {
        return batches[batch].buffer(lastBuffer(column) - 1, buffersBefore(fields.size()));
    }

    private int lastBuffer(String column) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).getName().equals(column)) {
                return buffersBefore(i + 1) - 1;
            }
        }
        throw new IllegalArgumentException(path + " has no column " + column);
    }

    private int buffersBefore(int field) {
        int buffers = 0;
        for (Field before : fields.subList(0, field)) {
            buffers += buffers(before);
        }
        return buffers;
    }

    /** Columnar format, "Buffer Listing for Each Layout". */
    private static int buffers(Field field) {
        ArrowType type = field.getType();
        int own = type instanceof ArrowType.FixedSizeList ? 1 : type instanceof ArrowType.Utf8 ? 3 : 2;
        return own + field.getChildren().stream().mapToInt(MappedFile::buffers).sum();
    }

    private static void checkFrame(Path path, FileChannel channel, FileEntry entry, Schema schema) throws IOException {
        long position = 0;
        for (BatchEntry batch : entry.batches()) {
            if (position == 0) {
                position = batch.offset();
            }
            if (batch.offset() != position || batch.length() <= 0 || batch.length() > LARGEST_MAP || batch.rows() < 0) {
                throw bad(
                        path,
                        "has a batch of " + batch.length() + " bytes and " + batch.rows() + " rows at offset "
                                + batch.offset() + ", expected one that begins at " + position);
            }
            position += batch.length();
        }
        long headLength = entry.batches().isEmpty() ? 0 : entry.batches().get(0).offset();
        long tailLength = entry.bytes() - position;
        if (headLength < 0
                || headLength > LARGEST_TAIL
                || tailLength < ArrowMessages.TAIL
                || tailLength > LARGEST_TAIL) {
            throw bad(path, "has no footer after its last batch, which ends at offset " + position);
        }
        ByteBuffer head = read(channel, 0, (int) headLength);
        ByteBuffer tail = read(channel, position, (int) tailLength);
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate());
        crc.update(tail.duplicate());
        byte[] magic = new byte[ArrowMessages.MAGIC.length];
        tail.get(tail.limit() - magic.length, magic);
        if (!Arrays.equals(magic, ArrowMessages.MAGIC)) {
            throw bad(
                    path, "does not end in ARROW1 at offset " + (entry.bytes() - magic.length) + ": not an Arrow file");
        }
        if (!BatchFile.hex(crc).equals(entry.frameCrc32c())) {
            throw bad(
                    path,
                    "has schema and footer of checksum " + BatchFile.hex(crc) + ", the manifest says "
                            + entry.frameCrc32c());
        }
        checkFooter(path, tail, position, entry.batches(), schema);
    }

    private static void checkFooter(
            Path path, ByteBuffer tail, long tailStart, List<BatchEntry> batches, Schema schema) {
        int lengthAt = tail.limit() - ArrowMessages.TAIL;
        int length = tail.getInt(lengthAt);
        if (length <= 0 || length > lengthAt) {
            throw bad(
                    path,
                    "has a footer of " + length + " bytes at offset " + (tailStart + lengthAt) + ", expected 1 to "
                            + lengthAt);
        }
        try {
            Footer footer =
                    Footer.getRootAsFooter(tail.slice(lengthAt - length, length).order(ByteOrder.LITTLE_ENDIAN));
            Schema found = Schema.convertSchema(footer.schema());
            if (!found.equals(schema)) {
                throw bad(path, "has columns " + found + ", expected " + schema);
            }
            boolean same = footer.recordBatchesLength() == batches.size();
            for (int i = 0; same && i < batches.size(); i++) {
                Block block = footer.recordBatches(i);
                BatchEntry batch = batches.get(i);
                same = block.offset() == batch.offset()
                        && block.metaDataLength() + block.bodyLength() == batch.length();
            }
            if (!same) {
                throw bad(
                        path,
                        "lists " + footer.recordBatchesLength() + " batches in its footer, not those of the manifest");
            }
        } catch (IndexOutOfBoundsException
                | NullPointerException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NegativeArraySizeException e) {
            // What flatbuffers and Arrow throw at bytes that are no footer.
            throw new VitrineException(
                    ErrorCode.BAD_STORE,
                    path + " has no readable footer at offset " + (tailStart + lengthAt - length),
                    e);
        }
    }

    /** Maps batches that follow each other without gaps and lie within the file. */
    static MappedBatch[] map(Path path, FileChannel channel, List<BatchEntry> entries) throws IOException {
        List<MappedBatch> batches = new ArrayList<>();
        int from = 0;
        while (from < entries.size()) {
            long start = entries.get(from).offset();
            int to = from;
            long end = start;
            while (to < entries.size() && end + entries.get(to).length() - start <= LARGEST_MAP) {
                end += entries.get(to).length();
                to++;
            }
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, start, end - start);
            for (int i = from; i < to; i++) {
                BatchEntry entry = entries.get(i);
                batches.add(new MappedBatch(
                        path, i, entry, map.slice((int) (entry.offset() - start), (int) entry.length())));
            }
            from = to;
        }
        return batches.toArray(new MappedBatch[0]);
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("ends at " + (position + bytes.position()));
            }
        }
        return bytes.flip();
    }

    static VitrineException bad(Path path, String what) {
        return new VitrineException(ErrorCode.BAD_STORE, path + " " + what);
    }
}
