package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The weights of one model by name, memory-mapped. Reads are safe from several threads. The source must stay open and reachable for as
 * long as anything made from it is used: arrays, and views of arrays, point into its mapped memory.
 */
final class WeightSource implements AutoCloseable {
    private final Map<String, MappedTensor> tensors;
    private final List<WeightFile> files;
    private final String place;

    /** Takes the tensors in file order, the files that they read rows from, which it closes, and the file's name for messages. */
    WeightSource(Map<String, MappedTensor> tensors, List<WeightFile> files, Path place) {
        this.tensors = tensors;
        this.files = files;
        this.place = place.toString();
    }

    /** The weights in a model's folder: safetensors, whole or in shards, or else ONNX. */
    static WeightSource open(Path folder) {
        Path whole = folder.resolve("model.safetensors");
        if (Files.exists(whole)) {
            return Safetensors.open(whole);
        }
        Path index = folder.resolve("model.safetensors.index.json");
        if (Files.exists(index)) {
            return Safetensors.openShards(index);
        }
        for (String onnx : new String[] {"model.onnx", "onnx/model.onnx"}) {
            if (Files.exists(folder.resolve(onnx))) {
                return OnnxWeights.open(folder.resolve(onnx));
            }
        }
        if (Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            throw new VitrineException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "the weights in " + folder
                            + " are pickled (pytorch_model.bin); expected model.safetensors, because reading a pickle"
                            + " can run any code in it. Convert the folder once in Python, with the model's own class:"
                            + " AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)");
        }
        throw new VitrineException(
                ErrorCode.NOT_FOUND,
                "no weights in " + folder + "; expected model.safetensors, model.safetensors.index.json or model.onnx");
    }

    /** The names of all tensors, in file order; those of types that cannot be read as float32 are among them. */
    Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** Whether there is a tensor of that name. */
    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** Sizes of the axes, outermost first; {@code BAD_MODEL} where there is no such tensor. */
    long[] shape(String name) {
        return tensor(name).shape().getShape().clone();
    }

    /**
     * All values, row-major, positioned at 0: a fresh view of the mapped file for F32, of a widened copy for F16 and BF16.
     * {@code UNSUPPORTED_MODEL} for any other type.
     */
    FloatBuffer floats(String name) {
        return tensor(name).floats();
    }

    /**
     * The same values as an array on the manager, without a copy for F32. The memory is mapped read-only, so the array must never be
     * changed in place.
     */
    NDArray array(String name, NDManager manager) {
        return tensor(name).array(manager);
    }

    /** Fills a buffer with rows of a matrix, one after the other, without a touch of the others. */
    void rows(String name, long[] indices, FloatBuffer into) {
        try {
            tensor(name).rows(indices, into);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private VitrineException unreadable(String name, IOException e) {
        return new VitrineException(ErrorCode.IO, "cannot read tensor '" + name + "' of " + place + ": " + e, e);
    }

    /** {@code UNSUPPORTED_MODEL} where the tensor is of a type or a size that is not read. */
    void check(String name) {
        tensor(name).check();
    }

    /**
     * A CRC32C that tells these weights from others of the same shapes, as a model has them that was trained on: of every tensor's name,
     * type and shape, and its first and last KiB. Not of all bytes: that would read a large model from the disk to open it.
     */
    String fingerprint() {
        CRC32C crc = new CRC32C();
        for (Map.Entry<String, MappedTensor> entry : tensors.entrySet()) {
            crc.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
            try {
                entry.getValue().sample(crc);
            } catch (IOException e) {
                throw unreadable(entry.getKey(), e);
            }
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** The file that the weights are in, or the index of several, for messages. */
    String place() {
        return place;
    }

    /** Ends the use. The maps themselves end when nothing points at their buffers any more: Java has no other way. */
    @Override
    public void close() {
        for (WeightFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                throw new VitrineException(ErrorCode.IO, "cannot close the weights of " + place + ": " + e, e);
            }
        }
    }

    private MappedTensor tensor(String name) {
        MappedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL, "no tensor '" + name + "' among the " + tensors.size() + " of " + place);
        }
        return tensor;
    }
}
