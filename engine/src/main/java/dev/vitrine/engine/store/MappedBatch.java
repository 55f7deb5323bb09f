package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * One record batch in a mapped file. Its checksum is verified when a buffer is first asked for, so damage is reported and never
 * returned as data.
 */
final class MappedBatch {
    private static final int PREFIX = 2 * Integer.BYTES;

    private final Path file;
    private final int index;
    private final BatchEntry entry;
    private final ByteBuffer bytes;
    private volatile boolean verified;

    /** The batch that {@code entry} describes; {@code bytes} are those of its message and body. */
    MappedBatch(Path file, int index, BatchEntry entry, ByteBuffer bytes) {
        this.file = file;
        this.index = index;
        this.entry = entry;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    long rows() {
        return entry.rows();
    }

    /** Reads all of it and compares the checksum; {@code BAD_STORE} where it differs. */
    void verify() {
        if (!isSound()) {
            throw damaged("has checksum " + checksum() + ", the manifest says " + entry.crc32c());
        }
    }

    /** Reads all of it and compares the checksum. */
    boolean isSound() {
        boolean sound = checksum().equals(entry.crc32c());
        verified |= sound;
        return sound;
    }

    private String checksum() {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return BatchFile.hex(crc);
    }

    /** Bytes of the message before the body. */
    int messageLength() {
        return ArrowMessages.length(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Buffer {@code number} of {@code count}, depth first over the fields; {@code BAD_STORE} if the batch is damaged. */
    ByteBuffer buffer(int number, int count) {
        if (!verified) {
            verify();
        }
        try {
            int messageLength = bytes.getInt(Integer.BYTES);
            ByteBuffer metadata = bytes.slice(PREFIX, messageLength).order(ByteOrder.LITTLE_ENDIAN);
            Message message = Message.getRootAsMessage(metadata);
            if (message.headerType() != MessageHeader.RecordBatch) {
                throw damaged("is not a record batch");
            }
            RecordBatch batch = new RecordBatch();
            message.header(batch);
            if (batch.length() != entry.rows() || batch.buffersLength() != count || batch.compression() != null) {
                throw damaged("has " + batch.length() + " rows in " + batch.buffersLength() + " buffers, expected "
                        + entry.rows() + " rows in " + count + " plain buffers");
            }
            Buffer buffer = batch.buffers(number);
            int start = Math.toIntExact(PREFIX + messageLength + buffer.offset());
            return bytes.slice(start, Math.toIntExact(buffer.length())).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw damaged("names a buffer outside of it: " + e.getMessage());
        }
    }

    VitrineException damaged(String what) {
        return new VitrineException(
                ErrorCode.BAD_STORE, file + ", batch " + index + " at offset " + entry.offset() + " " + what);
    }
}
