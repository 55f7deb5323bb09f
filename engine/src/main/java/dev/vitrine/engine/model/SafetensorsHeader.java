package dev.vitrine.engine.model;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The head of a safetensors file: 8 bytes of header length, little endian, then that many bytes of JSON, then the data. A file that
 * passes has every tensor's bytes inside it, of the size that shape and type ask for, end to end, as the format demands
 * (github.com/huggingface/safetensors, "Format").
 *
 * @param dataStart offset of the data in the file
 * @param tensors in file order
 */
record SafetensorsHeader(long dataStart, List<TensorEntry> tensors) {
    /** The format's own limit on the JSON. */
    private static final long LONGEST = 100_000_000;

    private static final Map<String, Integer> BYTES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static SafetensorsHeader read(FileChannel channel, Path file) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw bad("file is " + size + " bytes long; expected at least the 8 bytes of a header length", file, 0);
        }
        long length = read(channel, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > size - 8) {
            throw bad(
                    "header length is " + Long.toUnsignedString(length) + "; expected 2 to " + (size - 8)
                            + ", the bytes that follow it",
                    file,
                    0);
        }
        if (length > LONGEST) {
            throw bad("header length is " + length + "; expected at most " + LONGEST, file, 0);
        }
        JsonNode root;
        try {
            root = JSON.readTree(read(channel, 8, (int) length).array());
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw bad("header is not JSON: " + e.getOriginalMessage(), file, 8 + at, e);
        }
        if (!root.isObject()) {
            throw bad("header is a JSON " + root.getNodeType() + "; expected an object", file, 8);
        }
        List<TensorEntry> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                tensors.add(entry(field.getKey(), field.getValue(), file));
            }
        }
        tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        checkLayout(tensors, 8 + length, size, file);
        return new SafetensorsHeader(8 + length, List.copyOf(tensors));
    }

    private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
            // One read may give less than was asked for.
        }
        return buffer.flip();
    }

    private static TensorEntry entry(String name, JsonNode node, Path file) {
        JsonNode dtype = node.path("dtype");
        if (!dtype.isTextual()) {
            throw bad("dtype of tensor '" + name + "' is " + shown(dtype) + "; expected a string", file, 8);
        }
        long[] shape = counts(name, "shape", node.path("shape"), file);
        long[] offsets = counts(name, "data_offsets", node.path("data_offsets"), file);
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw bad(
                    "data_offsets of tensor '" + name + "' are " + node.path("data_offsets")
                            + "; expected two numbers in ascending order",
                    file,
                    8);
        }
        TensorEntry entry = new TensorEntry(name, dtype.textValue(), new Shape(shape), offsets[0], offsets[1]);
        checkSize(entry, shape, file);
        return entry;
    }

    private static void checkSize(TensorEntry entry, long[] shape, Path file) {
        Integer width = BYTES.get(entry.dtype());
        if (width == null) {
            return;
        }
        long expected = width;
        try {
            for (long axis : shape) {
                expected = Math.multiplyExact(expected, axis);
            }
        } catch (ArithmeticException e) {
            throw bad(
                    "shape " + entry.shape() + " of tensor '" + entry.name() + "' has more values than a file can hold",
                    file,
                    8,
                    e);
        }
        if (entry.bytes() != expected) {
            throw bad(
                    "tensor '" + entry.name() + "' has " + entry.bytes() + " bytes; expected " + expected + " for "
                            + entry.dtype() + " of shape " + entry.shape(),
                    file,
                    8);
        }
    }

    private static void checkLayout(List<TensorEntry> tensors, long dataStart, long size, Path file) {
        long end = 0;
        for (TensorEntry entry : tensors) {
            if (entry.end() > size - dataStart) {
                throw bad(
                        "tensor '" + entry.name() + "' ends at byte " + entry.end() + " of the data; expected at most "
                                + (size - dataStart)
                                + ", the data's length: the file is cut off or its header is wrong",
                        file,
                        dataStart);
            }
            if (entry.begin() != end) {
                throw bad(
                        "tensor '" + entry.name() + "' begins at byte " + entry.begin() + " of the data; expected "
                                + end + ", where the tensor before it ends",
                        file,
                        dataStart);
            }
            end = entry.end();
        }
        if (end != size - dataStart) {
            throw bad(
                    "data is " + (size - dataStart) + " bytes long; expected " + end + ", where the last tensor ends",
                    file,
                    dataStart);
        }
    }

    private static long[] counts(String name, String key, JsonNode node, Path file) {
        if (!node.isArray()) {
            throw bad(
                    key + " of tensor '" + name + "' is " + shown(node) + "; expected a list of whole numbers",
                    file,
                    8);
        }
        long[] counts = new long[node.size()];
        for (int i = 0; i < counts.length; i++) {
            JsonNode count = node.get(i);
            if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < 0) {
                throw bad(
                        key + " of tensor '" + name + "' has " + count + "; expected whole numbers from 0 to 2^63 - 1",
                        file,
                        8);
            }
            counts[i] = count.longValue();
        }
        return counts;
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.toString();
    }

    private static VitrineException bad(String what, Path file, long offset) {
        return new VitrineException(ErrorCode.BAD_MODEL, what + " (" + file + ", offset " + offset + ")");
    }

    private static VitrineException bad(String what, Path file, long offset, Throwable cause) {
        return new VitrineException(ErrorCode.BAD_MODEL, what + " (" + file + ", offset " + offset + ")", cause);
    }
}
