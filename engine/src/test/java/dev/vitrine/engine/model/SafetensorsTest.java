package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeAll
    static void engine() {
        NativeLibraries.prepare();
    }

    @BeforeEach
    void name() {
        file = folder.resolve("model.safetensors");
    }

    /** Expected is a CRC32C computed bit by bit in Python, of names, types, shapes and 1,024 bytes from either end. */
    @Test
    void fingerprintIsOfEveryTensor() throws IOException {
        float[] big = new float[300];
        for (int i = 0; i < big.length; i++) {
            big[i] = i;
        }
        assertThat(fingerprint("big", 2, big)).isEqualTo("59a26d89");
        assertThat(fingerprint("bag", 2, big)).isNotEqualTo("59a26d89");
        assertThat(fingerprint("big", 3, big)).isNotEqualTo("59a26d89");
        big[299] = 0;
        assertThat(fingerprint("big", 2, big)).isNotEqualTo("59a26d89");
    }

    private String fingerprint(String name, float second, float[] big) throws IOException {
        new SafetensorsFile()
                .float32("a", new long[] {2}, 1, second)
                .float32(name, new long[] {3, 100}, big)
                .write(file, 0);
        try (WeightSource source = WeightSource.open(folder)) {
            return source.fingerprint();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void float32IsReadWhereItLiesAtAnyAlignment(int padding) throws IOException {
        float[] values = {0.5f, -1, 1e-30f, 3, Float.NaN, 1e30f};
        new SafetensorsFile()
                .float32("odd", new long[] {3}, 1, 2, 3)
                .float32("matrix", new long[] {2, 3}, values)
                .write(file, padding);
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(source.names()).containsExactly("odd", "matrix");
            assertThat(source.has("matrix")).isTrue();
            assertThat(source.has("vector")).isFalse();
            assertThat(source.shape("matrix")).containsExactly(2, 3);
            assertThat(source.place()).isEqualTo(file.toString());
            NDArray array = source.array("matrix", manager);
            assertThat(array.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(array.toFloatArray()).containsExactly(values);
            assertThat(source.array("odd", manager)
                            .matMul(array.get("0:1").transpose())
                            .toFloatArray())
                    .containsExactly(-1.5f);
            assertThat(floats(source, "matrix")).containsExactly(values);
            assertThat(source.floats("matrix").isDirect()).isTrue();
        }
    }

    /** Row 2 ends the file; an interrupt would close a channel for all. */
    @Test
    void rowsAreReadInAnyOrderAndByInterruptedThreads() throws IOException {
        short[] half = {0x3c00, (short) 0xc000, 0x7bff, 0x0400, 0x3555, 0x7c00};
        short[] brain = {0x3f80, (short) 0xc000, 0x0001, 0x7f80, (short) 0x8000, 0x4049};
        new SafetensorsFile()
                .tensor("half", "F16", new long[] {3, 2}, bytes(half))
                .tensor("brain", "BF16", new long[] {3, 2}, bytes(brain))
                .float32("single", new long[] {3, 2}, 1, 2, Float.NaN, 1e-40f, 5, 6)
                .write(file, 3);
        try (WeightSource source = WeightSource.open(folder)) {
            for (String name : source.names()) {
                float[] all = floats(source, name);
                Thread.currentThread().interrupt();
                FloatBuffer rows = FloatBuffer.allocate(8);
                source.rows(name, new long[] {2, 0, 2, 1}, rows);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(rows.array())
                        .containsExactly(all[4], all[5], all[0], all[1], all[4], all[5], all[2], all[3]);
            }
        }
    }

    @Test
    void scalarsAndEmptyTensorsAreRead() throws IOException {
        new SafetensorsFile()
                .float32("empty", new long[] {0, 3})
                .float32("scalar", new long[] {}, 7)
                .write(file, 0);
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(source.shape("scalar")).isEmpty();
            assertThat(source.array("scalar", manager).getFloat()).isEqualTo(7);
            assertThat(source.shape("empty")).containsExactly(0, 3);
            assertThat(floats(source, "empty")).isEmpty();
        }
    }

    /** IEEE 754-2008: 1, -2, the largest, the smallest normal, the smallest subnormal, infinities, -0, a third, not a number. */
    @Test
    void float16IsWidenedExactly() throws IOException {
        short[] bits = {
            0x3c00,
            (short) 0xc000,
            0x7bff,
            0x0400,
            0x0001,
            0x03ff,
            0x7c00,
            (short) 0xfc00,
            (short) 0x8000,
            0x3555,
            0x7e01
        };
        new SafetensorsFile()
                .tensor("half", "F16", new long[] {11}, bytes(bits))
                .write(file, 1);
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            float[] expected = {
                1,
                -2,
                65504,
                0x1p-14f,
                0x1p-24f,
                0x3ffp-24f,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                -0f,
                0x1.554p-2f,
                Float.NaN
            };
            assertThat(floats(source, "half")).containsExactly(expected);
            assertThat(source.array("half", manager).toFloatArray()).containsExactly(expected);
        }
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat32() throws IOException {
        short[] bits = {0x3f80, (short) 0xc000, 0x7f7f, 0x0001, 0x7f80, (short) 0x8000, 0x3eab};
        new SafetensorsFile()
                .tensor("brain", "BF16", new long[] {7}, bytes(bits))
                .write(file, 3);
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            float[] expected = {1, -2, 0x1.fep127f, 0x1p-133f, Float.POSITIVE_INFINITY, -0f, 0x1.56p-2f};
            assertThat(floats(source, "brain")).containsExactly(expected);
            assertThat(source.array("brain", manager).toFloatArray()).containsExactly(expected);
        }
    }

    @Test
    void otherTypesAreNamedAndRefusedOnlyWhenRead() throws IOException {
        new SafetensorsFile()
                .tensor("position_ids", "I64", new long[] {1}, new byte[8])
                .tensor("scales", "F4", new long[] {3, 3}, new byte[5])
                .float32("bias", new long[] {1}, 2)
                .write(file, 0);
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(floats(source, "bias")).containsExactly(2);
            assertThat(source.shape("position_ids")).containsExactly(1);
            assertFails(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "tensor 'position_ids' is of type I64; expected F32, F16 or BF16 (" + file + ")",
                    () -> source.floats("position_ids"));
            assertFails(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "tensor 'scales' is of type F4; expected F32, F16 or BF16 (" + file + ")",
                    () -> source.floats("scales"));
        }
    }

    @Test
    void aMissingTensorIsNamedWithTheFile() throws IOException {
        new SafetensorsFile().float32("bias", new long[] {1}, 2).write(file, 0);
        try (WeightSource source = WeightSource.open(folder)) {
            assertFails(ErrorCode.BAD_MODEL, "no tensor 'weight' among the 1 of " + file, () -> source.shape("weight"));
        }
    }

    @Test
    void aFileLargerThanTwoGibibytesIsReadAndATensorOfThatSizeRefused() throws IOException {
        long big = 700_000_000L * Float.BYTES;
        String header = "{\"big\":{\"dtype\":\"F32\",\"shape\":[700,1000000],\"data_offsets\":[0," + big + "]},"
                + "\"after\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + big + "," + (big + 8) + "]}}";
        try (FileChannel sparse = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer start = ByteBuffer.wrap(SafetensorsFile.raw(header, new byte[0]));
            long dataStart = start.remaining();
            sparse.write(start);
            ByteBuffer end = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(3)
                    .putFloat(4)
                    .flip();
            sparse.write(end, dataStart + big);
        }
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(floats(source, "after")).containsExactly(3, 4);
            assertFails(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "tensor 'big' has 700000000 values; expected at most 536870911, which is 2 GiB of float32 (" + file
                            + ")",
                    () -> source.floats("big"));
        }
    }

    private static float[] floats(WeightSource source, String name) {
        float[] values = new float[source.floats(name).remaining()];
        source.floats(name).get(values);
        return values;
    }

    private static byte[] bytes(short[] bits) {
        ByteBuffer bytes = ByteBuffer.allocate(bits.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(bits);
        return bytes.array();
    }
}
