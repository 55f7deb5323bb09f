package dev.vitrine.engine.model;

import ai.djl.ndarray.types.Shape;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.onnx.Onnx.GraphProto;
import dev.vitrine.engine.model.onnx.Onnx.ModelProto;
import dev.vitrine.engine.model.onnx.Onnx.NodeProto;
import dev.vitrine.engine.model.onnx.Onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Opens the weights of a model that torch exported to ONNX, under the names and in the orientation that they have in a Hugging Face
 * folder. Most initializers keep their names. The exporter folds the transposition of a linear layer's weight into the weight, which
 * is then [in, out] and called {@code onnx::MatMul_N}; its own name is in the path of the MatMul node that reads it, e.g.
 * {@code /encoder/layer.0/attention/self/query/MatMul}.
 */
final class OnnxWeights {
    private static final String GENERATED = "onnx::";
    /** What operators of quantized models have in their names: QLinearMatMul, MatMulInteger, DynamicQuantizeLinear, MatMulNBits. */
    private static final Pattern QUANTIZED = Pattern.compile("[Qq]uantize|QLinear|Integer|NBits|QAttention|QGemm");
    /** GPT-2's matrices, the only ones whose own orientation is the one in which they are multiplied. */
    private static final Pattern INPUT_FIRST =
            Pattern.compile(".*\\b(attn\\.c_(attn|proj)|mlp\\.c_(fc|proj))\\.weight");

    private OnnxWeights() {}

    static WeightSource open(Path file) {
        GraphProto graph = parse(file).getGraph();
        if (graph.getInitializerCount() == 0) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "no weights in the graph of " + file + "; expected an ONNX model with initializers");
        }
        checkOperators(graph, file);
        Map<String, String> modules = modules(graph, file);
        Map<String, MappedTensor> tensors = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            String module = modules.get(tensor.getName());
            boolean linear = module != null && tensor.getDimsCount() == 2;
            String name = linear ? module + ".weight" : tensor.getName();
            Shape shape = shape(tensor, file);
            ByteBuffer bytes = bytes(tensor, shape, file);
            tensors.put(name, new MappedTensor(name, dtype(tensor.getDataType()), shape, linear, bytes, file, null, 0));
        }
        return new WeightSource(tensors, List.of(), file);
    }

    /** Reads the structure; the tensors' bytes stay where they are in the map. */
    private static ModelProto parse(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            LfsPointer.refuse(file);
            if (channel.size() > Integer.MAX_VALUE) {
                throw new VitrineException(
                        ErrorCode.BAD_MODEL,
                        "file is " + channel.size()
                                + " bytes long; expected less than 2 GiB, the most a protobuf message can have (" + file
                                + ")");
            }
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(mapped).newCodedInput();
            input.enableAliasing(true);
            try {
                ModelProto model = ModelProto.parseFrom(input);
                input.checkLastTagWas(0);
                return model;
            } catch (InvalidProtocolBufferException e) {
                throw new VitrineException(
                        ErrorCode.BAD_MODEL,
                        "not an ONNX model, or cut off: " + e.getMessage() + " (" + file + ", offset "
                                + input.getTotalBytesRead() + ")",
                        e);
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + file + ": " + e, e);
        }
    }

    /** Refuses graphs whose weights are not what their names say: quantized ones, and ones turned round under their own names. */
    private static void checkOperators(GraphProto graph, Path file) {
        Set<String> weights =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        for (NodeProto node : graph.getNodeList()) {
            String operator = node.getOpType();
            if (QUANTIZED.matcher(operator).find()) {
                throw new VitrineException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "node '" + node.getName() + "' is a " + operator + "; expected a model that is not quantized ("
                                + file + ")");
            }
            String right = node.getInputCount() > 1 ? node.getInput(1) : "";
            if (multipliesAsItStands(node)
                    && weights.contains(right)
                    && !right.startsWith(GENERATED)
                    && right.endsWith(".weight")
                    && !INPUT_FIRST.matcher(right).matches()) {
                throw new VitrineException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        operator + " node '" + node.getName() + "' multiplies by '" + right
                                + "' as it stands, [in, out]; expected a Transpose between them, as a linear layer's"
                                + " weight is [out, in] (" + file + ")");
            }
        }
    }

    /** Whether the node's right factor is taken as it is stored. */
    private static boolean multipliesAsItStands(NodeProto node) {
        return switch (node.getOpType()) {
            case "MatMul" -> true;
            case "Gemm" ->
                node.getAttributeList().stream()
                        .noneMatch(attribute -> attribute.getName().equals("transB") && attribute.getI() == 1);
            default -> false;
        };
    }

    /** The path of the module that multiplies by each weight without a name of its own. */
    private static Map<String, String> modules(GraphProto graph, Path file) {
        Map<String, String> modules = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("MatMul")
                    && node.getInputCount() == 2
                    && node.getInput(1).startsWith(GENERATED)) {
                String path = node.getName();
                int last = path.lastIndexOf('/');
                if (last < 1) {
                    throw new VitrineException(
                            ErrorCode.UNSUPPORTED_MODEL,
                            "MatMul node '" + path + "' does not say which layer it is; expected a path such as"
                                    + " /encoder/layer.0/attention/self/query/MatMul, as torch.onnx.export writes it from torch 2.0 on ("
                                    + file + ")");
                }
                modules.put(node.getInput(1), path.substring(1, last).replace('/', '.'));
            }
        }
        return modules;
    }

    private static Shape shape(TensorProto tensor, Path file) {
        long[] axes = new long[tensor.getDimsCount()];
        long size = 1;
        for (int i = 0; i < axes.length; i++) {
            axes[i] = tensor.getDims(i);
            if (axes[i] < 0 || axes[i] > Integer.MAX_VALUE || (size *= Math.max(axes[i], 1)) > Integer.MAX_VALUE) {
                throw new VitrineException(
                        ErrorCode.BAD_MODEL,
                        "dims of tensor '" + tensor.getName() + "' are " + tensor.getDimsList()
                                + "; expected sizes of a tensor below 2 GiB (" + file + ")");
            }
        }
        return new Shape(axes);
    }

    private static ByteBuffer bytes(TensorProto tensor, Shape shape, Path file) {
        if (tensor.getDataLocation() != 0) {
            throw new VitrineException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "the values of tensor '" + tensor.getName() + "' are in another file; expected them in " + file);
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer();
        if (tensor.getFloatDataCount() > 0) {
            bytes = ByteBuffer.allocateDirect(tensor.getFloatDataCount() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.getFloatDataCount(); i++) {
                bytes.putFloat(i * Float.BYTES, tensor.getFloatData(i));
            }
        }
        int width = width(dtype(tensor.getDataType()));
        if (width > 0 && bytes.remaining() != shape.size() * width) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "tensor '" + tensor.getName() + "' has " + bytes.remaining() + " bytes; expected "
                            + shape.size() * width + " for " + dtype(tensor.getDataType()) + " of shape " + shape + " ("
                            + file + ")");
        }
        return bytes;
    }

    /** Bytes per value of the types that are read; other types are named only where one is asked for. */
    private static int width(String dtype) {
        return switch (dtype) {
            case "F32" -> 4;
            case "F16", "BF16" -> 2;
            default -> 0;
        };
    }

    /** TensorProto.DataType as safetensors spells it. */
    private static String dtype(int type) {
        return switch (type) {
            case 1 -> "F32";
            case 2 -> "U8";
            case 3 -> "I8";
            case 6 -> "I32";
            case 7 -> "I64";
            case 9 -> "BOOL";
            case 10 -> "F16";
            case 11 -> "F64";
            case 16 -> "BF16";
            default -> "ONNX type " + type;
        };
    }
}
