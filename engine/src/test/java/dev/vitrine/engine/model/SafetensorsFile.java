package dev.vitrine.engine.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes small safetensors files for tests, good ones and, through {@link #raw}, any others. */
final class SafetensorsFile {
    private final List<String> entries = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    SafetensorsFile float32(String name, long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, "F32", shape, bytes.array());
    }

    SafetensorsFile tensor(String name, String dtype, long[] shape, byte[] bytes) {
        int begin = data.size();
        data.writeBytes(bytes);
        entries.add("\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + Arrays.toString(shape)
                + ",\"data_offsets\":[" + begin + "," + data.size() + "]}");
        return this;
    }

    /** Writes the file with so many spaces after the header, which moves the data off any alignment. */
    Path write(Path file, int padding) throws IOException {
        return Files.write(file, raw("{" + String.join(",", entries) + "}" + " ".repeat(padding), data.toByteArray()));
    }

    /** Header length, header, data. */
    static byte[] raw(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
