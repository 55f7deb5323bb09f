package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One safetensors file. Each tensor is a map of its own, so that a file may be larger than 2 GiB; opening maps addresses and reads
 * only the header. F32 is used where it lies. F16 and BF16 are widened on first use: PyTorch's JNI kills the process when it meets a
 * BF16 array, so those bits must not leave this class.
 */
final class Safetensors implements WeightSource {
    private final Path file;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> mapped = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> widened = new ConcurrentHashMap<>();

    private Safetensors(Path file) {
        this.file = file;
    }

    static Safetensors open(Path file) {
        Safetensors source = new Safetensors(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(channel, file);
            for (TensorEntry entry : header.tensors()) {
                source.entries.put(entry.name(), entry);
                if (entry.bytes() <= Integer.MAX_VALUE) {
                    source.mapped.put(
                            entry.name(),
                            channel.map(
                                            FileChannel.MapMode.READ_ONLY,
                                            header.dataStart() + entry.begin(),
                                            entry.bytes())
                                    .order(ByteOrder.LITTLE_ENDIAN));
                }
            }
        } catch (NoSuchFileException e) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "no such file: " + file, e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + file + ": " + e, e);
        }
        return source;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().getShape().clone();
    }

    @Override
    public FloatBuffer floats(String name) {
        return float32(entry(name)).asFloatBuffer();
    }

    @Override
    public NDArray array(String name, NDManager manager) {
        TensorEntry entry = entry(name);
        return manager.create(float32(entry), entry.shape(), DataType.FLOAT32);
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public void close() {
        // Maps are freed with the buffers, when nothing points at them any more.
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL, "no tensor '" + name + "' among the " + entries.size() + " of " + file);
        }
        return entry;
    }

    private ByteBuffer float32(TensorEntry entry) {
        ByteBuffer values = switch (entry.dtype()) {
            case "F32" -> bytes(entry);
            case "F16" -> widened.computeIfAbsent(entry.name(), name -> Widening.fromFloat16(bytes(entry)));
            case "BF16" -> widened.computeIfAbsent(entry.name(), name -> Widening.fromBfloat16(bytes(entry)));
            default ->
                throw new VitrineException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "tensor '" + entry.name() + "' is of type " + entry.dtype() + "; expected F32, F16 or BF16 ("
                                + file + ")");
        };
        return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer bytes(TensorEntry entry) {
        ByteBuffer bytes = mapped.get(entry.name());
        if (bytes == null || entry.shape().size() > Integer.MAX_VALUE / Float.BYTES) {
            throw new VitrineException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "tensor '" + entry.name() + "' has " + entry.shape().size() + " values; expected at most "
                            + Integer.MAX_VALUE / Float.BYTES + ", which is 2 GiB of float32 (" + file + ")");
        }
        return bytes;
    }
}
