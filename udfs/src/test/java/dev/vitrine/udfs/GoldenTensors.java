package dev.vitrine.udfs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** The reference values in {@code goldens/FAMILY.methods.safetensors}; {@code goldens/README.md} says what each tensor is. */
public final class GoldenTensors {
    private final ByteBuffer file;
    private final JsonNode header;
    private final int data;

    private GoldenTensors(byte[] bytes) throws IOException {
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) file.getLong(0);
        this.header = new ObjectMapper().readTree(bytes, 8, length);
        this.data = 8 + length;
    }

    public static GoldenTensors of(String family) {
        String name = "/goldens/" + family + ".methods.safetensors";
        try (InputStream in = Objects.requireNonNull(GoldenTensors.class.getResourceAsStream(name))) {
            return new GoldenTensors(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All values of a tensor, row-major. */
    public float[] values(String name) {
        ByteBuffer bytes = bytes(name);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** All token ids of a tensor, row-major. */
    public long[] ids(String name) {
        ByteBuffer bytes = bytes(name);
        long[] ids = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(ids);
        return ids;
    }

    private ByteBuffer bytes(String name) {
        JsonNode range = header.get(name).get("data_offsets");
        int from = range.get(0).intValue();
        return file.slice(data + from, range.get(1).intValue() - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Length of an axis of a tensor. */
    public int size(String name, int axis) {
        return header.get(name).get("shape").get(axis).intValue();
    }
}
