package dev.vitrine.engine.store;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The pieces of an Arrow IPC file around the data
 * (<a href="https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format">Columnar format, IPC file format</a>). They are
 * made without Arrow vectors, so that data can go from where it lies to the file with no copy and no allocator.
 */
final class ArrowMessages {
    static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    /** The magic bytes, padded to 8. */
    static final int HEAD = 8;
    /** The footer's length and the magic bytes again. */
    static final int TAIL = Integer.BYTES + 6;
    /** Arrow asks for 8 bytes and recommends 64, the width of a cache line and of an AVX-512 register. */
    static final int ALIGNMENT = 64;

    private static final int CONTINUATION = 0xFFFFFFFF;
    private static final int PREFIX = 2 * Integer.BYTES;

    private ArrowMessages() {}

    static long padded(long length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** What stands before the first batch. */
    static ByteBuffer head(Schema schema) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int header = schema.getSchema(builder);
        ByteBuffer message = message(builder, MessageHeader.Schema, header, 0, HEAD);
        ByteBuffer head = little(HEAD + message.remaining());
        return head.put(MAGIC).position(HEAD).put(message).flip();
    }

    /**
     * A batch without its data.
     *
     * @param message what stands in front of the body
     * @param bodyLength bytes of the body with the zeros at its end
     */
    record BatchHead(ByteBuffer message, long bodyLength) {
        long length() {
            return message.remaining() + bodyLength;
        }
    }

    /**
     * The message in front of a batch's body.
     *
     * @param nodes values of every field and child field, depth first
     * @param buffers bytes of every buffer in order, 0 for a validity buffer that is left out
     * @param position where the message begins in the file; the body will begin at a multiple of {@link #ALIGNMENT}
     * @param endAlignment the body ends in so many zeros that the next batch begins at a multiple of this
     */
    static BatchHead batch(long rows, long[] nodes, long[] buffers, long position, int endAlignment) {
        long bodyLength = 0;
        for (long length : buffers) {
            bodyLength += padded(length);
        }
        ByteBuffer message = batch(rows, nodes, buffers, position, bodyLength);
        long beyond = (position + message.remaining() + bodyLength) % endAlignment;
        if (beyond == 0) {
            return new BatchHead(message, bodyLength);
        }
        bodyLength += endAlignment - beyond;
        return new BatchHead(batch(rows, nodes, buffers, position, bodyLength), bodyLength);
    }

    private static ByteBuffer batch(long rows, long[] nodes, long[] buffers, long position, long bodyLength) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        RecordBatch.startNodesVector(builder, nodes.length);
        for (int i = nodes.length - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, nodes[i], 0);
        }
        int nodesVector = builder.endVector();
        RecordBatch.startBuffersVector(builder, buffers.length);
        long end = 0;
        for (long length : buffers) {
            end += padded(length);
        }
        for (int i = buffers.length - 1; i >= 0; i--) {
            end -= padded(buffers[i]);
            Buffer.createBuffer(builder, end, buffers[i]);
        }
        int buffersVector = builder.endVector();
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, rows);
        RecordBatch.addNodes(builder, nodesVector);
        RecordBatch.addBuffers(builder, buffersVector);
        int header = RecordBatch.endRecordBatch(builder);
        return message(builder, MessageHeader.RecordBatch, header, bodyLength, position);
    }

    private static ByteBuffer message(
            FlatBufferBuilder builder, byte headerType, int header, long bodyLength, long position) {
        Message.startMessage(builder);
        Message.addHeaderType(builder, headerType);
        Message.addHeader(builder, header);
        Message.addVersion(builder, MetadataVersion.V5);
        Message.addBodyLength(builder, bodyLength);
        Message.finishMessageBuffer(builder, Message.endMessage(builder));
        ByteBuffer metadata = builder.dataBuffer();
        int length = Math.toIntExact(padded(position + PREFIX + metadata.remaining()) - position);
        ByteBuffer message = little(length);
        message.putInt(CONTINUATION).putInt(length - PREFIX).put(metadata);
        return message.rewind();
    }

    /** Bytes of the message that a little-endian buffer begins with. */
    static int length(ByteBuffer message) {
        return PREFIX + message.getInt(Integer.BYTES);
    }

    /** What stands after the last batch: the end of the stream, the footer, its length and the magic bytes. */
    static ByteBuffer tail(Schema schema, List<FileBlock> blocks) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int schemaOffset = schema.getSchema(builder);
        Footer.startDictionariesVector(builder, 0);
        int dictionaries = builder.endVector();
        Footer.startRecordBatchesVector(builder, blocks.size());
        for (int i = blocks.size() - 1; i >= 0; i--) {
            FileBlock block = blocks.get(i);
            Block.createBlock(builder, block.offset(), block.messageLength(), block.bodyLength());
        }
        int batches = builder.endVector();
        Footer.startFooter(builder);
        Footer.addVersion(builder, MetadataVersion.V5);
        Footer.addSchema(builder, schemaOffset);
        Footer.addDictionaries(builder, dictionaries);
        Footer.addRecordBatches(builder, batches);
        Footer.finishFooterBuffer(builder, Footer.endFooter(builder));
        ByteBuffer footer = builder.dataBuffer();
        int length = footer.remaining();
        ByteBuffer tail = little(PREFIX + length + TAIL);
        tail.putInt(CONTINUATION).putInt(0).put(footer).putInt(length).put(MAGIC);
        return tail.flip();
    }

    /** Where a batch stands: its message at {@code offset}, then its body. */
    record FileBlock(long offset, int messageLength, long bodyLength) {}

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
