package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The weights of one model by name, memory-mapped. Reads are safe from several threads. The source must stay open and reachable for as
 * long as anything made from it is used: arrays, and views of arrays, point into its mapped memory.
 */
interface WeightSource extends AutoCloseable {
    /** The names of all tensors in the file, in file order, those of types that cannot be read as float32 included. */
    Set<String> names();

    /** Whether there is a tensor of that name. */
    boolean has(String name);

    /** Sizes of the axes, outermost first; {@code BAD_MODEL} where there is no such tensor. */
    long[] shape(String name);

    /**
     * All values, row-major, positioned at 0: a fresh view of the mapped file for F32, of a widened copy for F16 and BF16.
     * {@code UNSUPPORTED_MODEL} for any other type.
     */
    FloatBuffer floats(String name);

    /**
     * The same values as an array on the manager, without a copy for F32. The memory is mapped read-only, so the array must never be
     * changed in place.
     */
    NDArray array(String name, NDManager manager);

    /** The file or files that the weights are in, for messages. */
    String place();

    @Override
    void close();

    /** The weights in a model's folder: safetensors, whole or in shards, or else ONNX. */
    static WeightSource open(Path folder) {
        Path whole = folder.resolve("model.safetensors");
        if (Files.exists(whole)) {
            return Safetensors.open(whole);
        }
        Path index = folder.resolve(SafetensorsShards.INDEX);
        if (Files.exists(index)) {
            return SafetensorsShards.open(index);
        }
        if (Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            throw new VitrineException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "the weights in " + folder
                            + " are pickled (pytorch_model.bin); expected model.safetensors, because a pickle can run"
                            + " code when it is read. Convert it once in Python:"
                            + " transformers.AutoModel.from_pretrained(\"" + folder
                            + "\").save_pretrained(\"NEW_FOLDER\")");
        }
        throw new VitrineException(
                ErrorCode.NOT_FOUND,
                "no weights in " + folder + "; expected model.safetensors, " + SafetensorsShards.INDEX
                        + " or model.onnx");
    }
}
