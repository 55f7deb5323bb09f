package dev.vitrine.engine.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * y = x·W + b by oneDNN, which torch has beside MKL but does not use for float32 by itself. On a matrix that lies [inputs, outputs] it
 * was 1.1 times as fast as MKL for 1,024 tokens, 1.4 times for 128 and 2.5 times for 8 (GPT-2 small's matrices, AMD EPYC, 2 cores); on
 * one that lies the other way round it was mostly slower. DJL has no such operation, but runs TorchScript, which has.
 */
final class OneDnn implements AutoCloseable {
    private static final String SCRIPT = """
            class Linear(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.Linear,
                x: Tensor,
                w: Tensor,
                b: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")
              def gelu_tanh(self: __torch__.Linear,
                x: Tensor,
                w: Tensor,
                b: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, w, b, "gelu", annotate(List[Optional[number]], []), "tanh")
            """;
    /** An object of that class: {@code training} is true. */
    private static final String OBJECT = "\u0080\2c__torch__\nLinear\n)\u0081}X\u0008\0\0\0training\u0088sb.";

    private static final String NO_CONSTANTS = "\u0080\2).";

    private final Model model;
    private final Block block;
    private final ParameterStore noParameters = new ParameterStore();
    /** DJL takes the name of an array among the arguments for that of the method to call. */
    private final NDArray geluTanh;

    private OneDnn(Model model) {
        this.model = model;
        this.block = model.getBlock();
        this.geluTanh = model.getNDManager().ones(new Shape(1));
        geluTanh.setName("module_method:gelu_tanh");
    }

    /** Null where torch was built without it, or it does not run on this processor. */
    static @Nullable OneDnn open() {
        Model model = Model.newInstance("linear", Device.cpu());
        try {
            model.load(new ByteArrayInputStream(module()));
            OneDnn opened = new OneDnn(model);
            opened.prepare();
            return opened;
        } catch (EngineException e) {
            model.close();
            return null;
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first call sets DJL's block up for all threads, and fails where oneDNN does not run on this processor. */
    private void prepare() {
        try (NDManager scratch = model.getNDManager().newSubManager()) {
            NDArray one = scratch.ones(new Shape(1, 1));
            linear(one, one, scratch.ones(new Shape(1)));
        }
    }

    /**
     * The result belongs to the manager of x.
     *
     * @param x [rows, inputs]
     * @param matrix [outputs, inputs], a turned view of one that lies [inputs, outputs]
     * @param bias [outputs]
     */
    NDArray linear(NDArray x, NDArray matrix, NDArray bias) {
        // In training: what torch gives in inference mode cannot be changed in place. No gradient is asked for.
        return block.forward(noParameters, new NDList(x, matrix, bias), true).singletonOrThrow();
    }

    /** GELU's approximation by tanh of what {@link #linear} gives, taken while the numbers are in the processor's registers. */
    NDArray geluTanh(NDArray x, NDArray matrix, NDArray bias) {
        return block.forward(noParameters, new NDList(x, matrix, bias, geluTanh), true)
                .singletonOrThrow();
    }

    /** The script as torch.jit.save would write it. */
    private static byte[] module() {
        Map<String, String> files = new TreeMap<>(Map.of(
                "code/__torch__.py", SCRIPT, "data.pkl", OBJECT, "constants.pkl", NO_CONSTANTS, "version", "3\n"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.ISO_8859_1);
                CRC32 crc = new CRC32();
                crc.update(content);
                ZipEntry entry = new ZipEntry("linear/" + file.getKey());
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        model.close();
    }
}
