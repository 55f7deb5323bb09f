package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.NativeLibraries;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void engine() {
        NativeLibraries.prepare();
    }

    @Test
    void float32IsReadWhereItLies() throws IOException {
        Path file = new SafetensorsFile()
                .float32("odd", new long[] {3}, 1, 2, 3)
                .float32("matrix", new long[] {2, 3}, 0.5f, -1, 1e-30f, 3, Float.NaN, 1e30f)
                .write(folder.resolve("model.safetensors"), 1);
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(source.names()).containsExactly("odd", "matrix");
            assertThat(source.shape("matrix")).containsExactly(2, 3);
            assertThat(source.place()).isEqualTo(file.toString());
            NDArray array = source.array("matrix", manager);
            assertThat(array.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(array.toFloatArray()).containsExactly(0.5f, -1, 1e-30f, 3, Float.NaN, 1e30f);
            float[] values = new float[6];
            source.floats("matrix").get(values);
            assertThat(values).containsExactly(array.toFloatArray());
            assertThat(source.floats("matrix").isDirect()).isTrue();
        }
    }
}
