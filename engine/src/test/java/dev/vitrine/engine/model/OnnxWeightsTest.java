package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.ndarray.NDManager;
import com.google.protobuf.ByteString;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.onnx.Onnx.GraphProto;
import dev.vitrine.engine.model.onnx.Onnx.ModelProto;
import dev.vitrine.engine.model.onnx.Onnx.NodeProto;
import dev.vitrine.engine.model.onnx.Onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWeightsTest {
    private static final NodeProto QUERY = NodeProto.newBuilder()
            .setName("/encoder/layer.0/attention/self/query/MatMul")
            .setOpType("MatMul")
            .addInput("x")
            .addInput("onnx::MatMul_7")
            .build();

    @TempDir
    Path folder;

    @BeforeAll
    static void engine() {
        NativeLibraries.prepare();
    }

    @Test
    void aFoldedLinearWeightIsTurnedBackAndNamed() throws IOException {
        write(GraphProto.newBuilder()
                .addNode(QUERY)
                .addInitializer(float32("onnx::MatMul_7", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
                .addInitializer(float32("encoder.layer.0.attention.self.query.bias", new long[] {3}, 7, 8, 9)));
        try (WeightSource source = WeightSource.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            String weight = "encoder.layer.0.attention.self.query.weight";
            assertThat(source.names()).containsExactly(weight, "encoder.layer.0.attention.self.query.bias");
            assertThat(source.shape(weight)).containsExactly(3, 2);
            assertThat(floats(source, weight)).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(source.array(weight, manager).toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
            FloatBuffer rows = FloatBuffer.allocate(4);
            source.rows(weight, new long[] {2, 0}, rows);
            assertThat(rows.array()).containsExactly(3, 6, 1, 4);
            assertThat(floats(source, "encoder.layer.0.attention.self.query.bias"))
                    .containsExactly(7, 8, 9);
        }
    }

    /** A matrix under its own name is one that the graph multiplies by as it stands, such as GPT-2's. */
    @Test
    void aMatrixWithANameOfItsOwnStaysAsItIs() throws IOException {
        write(GraphProto.newBuilder()
                .addNode(QUERY.toBuilder().setInput(1, "h.0.attn.c_attn.weight"))
                .addInitializer(float32("h.0.attn.c_attn.weight", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)));
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(source.shape("h.0.attn.c_attn.weight")).containsExactly(2, 3);
            assertThat(floats(source, "h.0.attn.c_attn.weight")).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void typedAndHalfWidthValuesAreRead() throws IOException {
        write(GraphProto.newBuilder()
                .addInitializer(TensorProto.newBuilder()
                        .setName("typed")
                        .setDataType(1)
                        .addDims(2)
                        .addFloatData(0.5f)
                        .addFloatData(-3))
                .addInitializer(TensorProto.newBuilder()
                        .setName("half")
                        .setDataType(10)
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(new byte[] {0x00, 0x3c})))
                .addInitializer(TensorProto.newBuilder()
                        .setName("brain")
                        .setDataType(16)
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(new byte[] {0x40, (byte) 0xc0}))));
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(floats(source, "typed")).containsExactly(0.5f, -3);
            assertThat(floats(source, "half")).containsExactly(1);
            assertThat(floats(source, "brain")).containsExactly(-3);
        }
    }

    @Test
    void theExportMayBeInAFolderOfItsOwn() throws IOException {
        Path file = Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx");
        write(file, GraphProto.newBuilder().addInitializer(float32("bias", new long[] {1}, 2)));
        try (WeightSource source = WeightSource.open(folder)) {
            assertThat(source.place()).isEqualTo(file.toString());
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Path file = write(GraphProto.newBuilder()
                .addNode(QUERY)
                .addInitializer(float32("onnx::MatMul_7", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Throwable failure = catchThrowable(() -> WeightSource.open(folder));
            assertThat(failure).as("first %d bytes", length).isInstanceOf(VitrineException.class);
            assertThat(((VitrineException) failure).code()).isEqualTo(ErrorCode.BAD_MODEL);
        }
    }

    @Test
    void whatIsNotAnOnnxModelIsRefused() throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.writeString(file, "<!DOCTYPE html>");
        assertFails(
                ErrorCode.BAD_MODEL,
                "not an ONNX model, or cut off: Protocol message end-group tag did not match expected tag. (" + file
                        + ", offset 1)",
                () -> WeightSource.open(folder));
        Files.write(file, new byte[0]);
        assertFails(
                ErrorCode.BAD_MODEL,
                "no weights in the graph of " + file + "; expected an ONNX model with initializers",
                () -> WeightSource.open(folder));
    }

    @Test
    void aFoldedWeightWithoutAPathIsRefused() throws IOException {
        Path file = write(GraphProto.newBuilder()
                .addNode(QUERY.toBuilder().setName("MatMul_45"))
                .addInitializer(float32("onnx::MatMul_7", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)));
        assertFails(
                ErrorCode.UNSUPPORTED_MODEL,
                "MatMul node 'MatMul_45' does not say which layer it is; expected a path such as"
                        + " /encoder/layer.0/attention/self/query/MatMul, as torch.onnx.export writes it from torch 2.0 on ("
                        + file + ")",
                () -> WeightSource.open(folder));
    }

    @Test
    void aQuantizedModelIsRefusedByItsOperators() throws IOException {
        for (String operator : List.of("DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul", "DequantizeLinear")) {
            Path file = write(GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder().setName("/layer.0/query").setOpType(operator))
                    .addInitializer(float32("bias", new long[] {1}, 1)));
            assertFails(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "node '/layer.0/query' is a " + operator + "; expected a model that is not quantized (" + file
                            + ")",
                    () -> WeightSource.open(folder));
        }
    }

    /** A square one could not be told by its shape. */
    @Test
    void aWeightTurnedRoundUnderItsOwnNameIsRefused() throws IOException {
        String weight = "encoder.layer.0.attention.self.query.weight";
        Path file = write(GraphProto.newBuilder()
                .addNode(QUERY.toBuilder().setInput(1, weight))
                .addInitializer(float32(weight, new long[] {2, 2}, 1, 2, 3, 4)));
        assertFails(
                ErrorCode.UNSUPPORTED_MODEL,
                "MatMul node '" + QUERY.getName() + "' multiplies by '" + weight
                        + "' as it stands, [in, out]; expected a Transpose between them, as a linear layer's weight is"
                        + " [out, in] (" + file + ")",
                () -> WeightSource.open(folder));
    }

    @Test
    void valuesElsewhereAreRefused() throws IOException {
        Path file = write(GraphProto.newBuilder()
                .addInitializer(
                        TensorProto.newBuilder().setName("bias").setDataType(1).setDataLocation(1)));
        assertFails(
                ErrorCode.UNSUPPORTED_MODEL,
                "the values of tensor 'bias' are in another file; expected them in " + file,
                () -> WeightSource.open(folder));
    }

    @Test
    void valuesThatDoNotFitTheirShapeAreRefused() throws IOException {
        Path file = write(GraphProto.newBuilder().addInitializer(float32("bias", new long[] {2, 2}, 1, 2, 3)));
        assertFails(
                ErrorCode.BAD_MODEL,
                "tensor 'bias' has 12 bytes; expected 16 for F32 of shape (2, 2) (" + file + ")",
                () -> WeightSource.open(folder));
        write(GraphProto.newBuilder().addInitializer(float32("bias", new long[] {-1}, 1)));
        assertFails(
                ErrorCode.BAD_MODEL,
                "dims of tensor 'bias' are [-1]; expected sizes of a tensor below 2 GiB (" + file + ")",
                () -> WeightSource.open(folder));
        write(GraphProto.newBuilder().addInitializer(float32("bias", new long[] {1L << 32, 1L << 32}, 1)));
        assertFails(
                ErrorCode.BAD_MODEL,
                "dims of tensor 'bias' are [4294967296, 4294967296]; expected sizes of a tensor below 2 GiB (" + file
                        + ")",
                () -> WeightSource.open(folder));
    }

    private Path write(GraphProto.Builder graph) throws IOException {
        return write(folder.resolve("model.onnx"), graph);
    }

    private static Path write(Path file, GraphProto.Builder graph) throws IOException {
        return Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
    }

    private static TensorProto float32(String name, long[] dims, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(1).setRawData(ByteString.copyFrom(bytes.array()));
        Arrays.stream(dims).forEach(tensor::addDims);
        return tensor.build();
    }

    private static float[] floats(WeightSource source, String name) {
        FloatBuffer floats = source.floats(name);
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
