package dev.vitrine.examples.gpt2;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** Writes float32 tensors as safetensors, one at a time (https://huggingface.co/docs/safetensors, section "Format"). */
final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * An 8-byte header length, a JSON header that names each tensor with its place, then the tensors, all little-endian.
     *
     * @param shapes the tensors, in the order in which they are to lie in the file
     * @param values a tensor's values by its name, row-major
     */
    static void write(Path file, String prefix, Map<String, long[]> shapes, Function<String, float[]> values)
            throws IOException {
        String text = JSON.writeValueAsString(header(prefix, shapes));
        // Spaces up to a multiple of 8 keep the tensors aligned.
        byte[] header = (text + " ".repeat(-text.length() & 7)).getBytes(StandardCharsets.US_ASCII);
        try (FileChannel out = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            write(
                    out,
                    littleEndian(Long.BYTES + header.length)
                            .putLong(header.length)
                            .put(header)
                            .flip());
            for (String name : shapes.keySet()) {
                float[] tensor = values.apply(name);
                ByteBuffer bytes = littleEndian(tensor.length * Float.BYTES);
                bytes.asFloatBuffer().put(tensor);
                write(out, bytes);
            }
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static ObjectNode header(String prefix, Map<String, long[]> shapes) {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long end = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(prefix + tensor.getKey());
            entry.put("dtype", "F32");
            ArrayNode shape = entry.putArray("shape");
            long bytes = Float.BYTES;
            for (long size : tensor.getValue()) {
                shape.add(size);
                bytes *= size;
            }
            entry.putArray("data_offsets").add(end).add(end + bytes);
            end += bytes;
        }
        return header;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
