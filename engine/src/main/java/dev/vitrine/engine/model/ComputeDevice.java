package dev.vitrine.engine.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a model can be run on: a user's wish, held against what this machine has. */
public final class ComputeDevice {
    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,4})");

    private ComputeDevice() {}

    /**
     * The device of that name. {@code auto} is a GPU where there is one, else the processor, and {@code cpu} the processor. {@code gpu}
     * and {@code cuda:N} stand for the first GPU and for GPU N; without any the processor takes its place and the warning says so.
     * {@code INVALID_ARGUMENT} for another name, and for a GPU beyond the last.
     */
    public static Device of(String name, Consumer<String> warning) {
        NativeLibraries.prepare();
        Engine engine = Engine.getEngine("PyTorch");
        String missing = engine.hasCapability("CUDA")
                ? "no GPU was found"
                : "PyTorch runs without GPU support (no GPU was found, or the build is not one with -Pcuda)";
        return of(name, engine.getGpuCount(), missing, warning);
    }

    static Device of(String name, int gpus, String missing, Consumer<String> warning) {
        Matcher cuda = CUDA.matcher(name);
        boolean auto = name.equals("auto");
        if (name.equals("cpu") || (auto && gpus == 0)) {
            return Device.cpu();
        }
        if (!auto && !name.equals("gpu") && !cuda.matches()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "device '" + name + "' is not known; expected cpu, gpu, cuda:N or auto");
        }
        if (gpus == 0) {
            warning.accept("device " + name + ": " + missing + "; running on the CPU");
            return Device.cpu();
        }
        int index = cuda.matches() ? Integer.parseInt(cuda.group(1)) : 0;
        if (index >= gpus) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT, "device " + name + ": this machine's last GPU is cuda:" + (gpus - 1));
        }
        return Device.gpu(index);
    }
}
