package dev.vitrine.engine.model;

import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import dev.vitrine.engine.model.architecture.Embedding;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.Mlp;
import dev.vitrine.engine.model.architecture.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts the tensors of a file into the matrices of {@link WeightMatrix}. */
final class WeightMatrices {
    private static final int NONE = -1;

    private final WeightSource source;
    private final List<WeightMatrix> matrices = new ArrayList<>();

    private WeightMatrices(WeightSource source) {
        this.source = source;
    }

    static List<WeightMatrix> of(Architecture architecture, WeightSource source) {
        WeightMatrices cut = new WeightMatrices(source);
        Embedding embedding = architecture.embedding();
        cut.table("W_E", embedding.tokens(), 0);
        if (embedding.positions() != null) {
            cut.table(
                    "W_pos",
                    embedding.positions().table(),
                    embedding.positions().offset());
        }
        if (embedding.tokenTypes() != null) {
            cut.table("W_token_type", embedding.tokenTypes(), 0);
        }
        for (int layer = 0; layer < architecture.blocks().size(); layer++) {
            cut.block(architecture.blocks().get(layer), layer);
        }
        Head head = architecture.head();
        if (head != null) {
            cut.whole("W_U", "b_U", head.unembedding(), NONE);
        }
        return List.copyOf(cut.matrices);
    }

    private void block(Block block, int layer) {
        Attention attention = block.attention();
        for (int part = 0; part < 3; part++) {
            int heads = part == 0 ? attention.heads() : attention.kvHeads();
            for (int head = 0; head < heads; head++) {
                part(attention, part, layer, head);
            }
        }
        Linear output = attention.output();
        int width = attention.headWidth();
        for (int head = 0; head < attention.heads(); head++) {
            slice("W_O", layer, head, output, head * width, width, 0, output.outputs());
        }
        bias("b_O", layer, NONE, output, 0, output.outputs());
        Mlp mlp = block.mlp();
        whole("W_in", "b_in", mlp.in(), layer);
        whole("W_gate", "b_gate", mlp.gate(), layer);
        whole("W_out", "b_out", mlp.out(), layer);
    }

    /** The query (part 0), key (1) or value (2) matrix of a head. */
    private void part(Attention attention, int part, int layer, int head) {
        int width = attention.headWidth();
        Linear linear = attention.projections().get(attention.packing() == Attention.Packing.SEPARATE ? part : 0);
        int from = switch (attention.packing()) {
            case SEPARATE -> head * width;
            case STACKED -> (part * attention.heads() + head) * width;
            case PER_HEAD -> (head * 3 + part) * width;
        };
        String letter = "QKV".substring(part, part + 1);
        slice("W_" + letter, layer, head, linear, 0, linear.inputs(), from, width);
        bias("b_" + letter, layer, head, linear, from, width);
    }

    private void whole(String matrix, String bias, @Nullable Linear linear, int layer) {
        if (linear != null) {
            slice(matrix, layer, NONE, linear, 0, linear.inputs(), 0, linear.outputs());
            bias(bias, layer, NONE, linear, 0, linear.outputs());
        }
    }

    /** Some inputs and outputs of a matrix, as [inputs, outputs]. */
    private void slice(
            String matrix, int layer, int head, Linear linear, int input, int inputs, int output, int outputs) {
        int inputStride = linear.inputFirst() ? linear.outputs() : 1;
        int outputStride = linear.inputFirst() ? 1 : linear.inputs();
        matrices.add(new WeightMatrix(
                matrix,
                layer,
                head,
                inputs,
                outputs,
                source.floats(linear.weight()),
                input * inputStride + output * outputStride,
                inputStride,
                outputStride));
    }

    private void bias(String matrix, int layer, int head, Linear linear, int output, int outputs) {
        if (linear.bias() != null) {
            matrices.add(new WeightMatrix(
                    matrix, layer, head, 1, outputs, source.floats(linear.bias()), output, linear.outputs(), 1));
        }
    }

    private void table(String matrix, Table table, int from) {
        matrices.add(new WeightMatrix(
                matrix,
                NONE,
                NONE,
                table.rows() - from,
                table.columns(),
                source.floats(table.name()),
                from * table.columns(),
                table.columns(),
                1));
    }
}
