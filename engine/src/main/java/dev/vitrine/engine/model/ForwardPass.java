package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.vitrine.engine.model.architecture.Activation;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import dev.vitrine.engine.model.architecture.Embedding;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.Mlp;
import dev.vitrine.engine.model.architecture.Norm;
import dev.vitrine.engine.model.architecture.Rotary;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One prompt through a model. n is its number of tokens; shapes stand at the end of lines.
 *
 * <p>Every layer has a manager of its own, which the residual stream enters and leaves, so that what a layer made is freed when it ends.
 * Operations in place touch only arrays made here that no sink has been given.
 */
final class ForwardPass implements AutoCloseable {
    private final Architecture architecture;
    private final Weights weights;
    private final ActivationSink sink;
    private final Demand demand;
    private final NDManager pass;
    private final Map<Integer, NDArray> masks = new HashMap<>();
    private final Map<Rotary, RotaryTable> rotaries = new HashMap<>();
    private NDManager scope;

    ForwardPass(Architecture architecture, Weights weights, ActivationSink sink, NDManager pass) {
        this.architecture = architecture;
        this.weights = weights;
        this.sink = sink;
        this.demand = new Demand(sink, architecture.blocks().size());
        this.pass = pass;
        this.scope = pass.newSubManager();
    }

    void run(long[] ids) {
        NDArray stream = embed(ids); // [n, d_model]
        for (int layer = 0; layer < architecture.blocks().size(); layer++) {
            emit(HookPoint.RESID_PRE, layer, stream);
            if (!demand.after(HookPoint.RESID_PRE, layer)) {
                return;
            }
            stream = block(architecture.blocks().get(layer), layer, stream);
            if (stream == null) {
                return;
            }
            emit(HookPoint.RESID_POST, layer, stream);
            if (!demand.after(HookPoint.RESID_POST, layer)) {
                return;
            }
            NDManager next = pass.newSubManager();
            stream.attach(next);
            scope.close();
            scope = next;
        }
        NDArray last = lastHiddenState(stream); // [n, d_model]
        emit(HookPoint.FINAL, 0, last);
        Linear pooler = architecture.pooler();
        if (pooler != null && demand.wants(HookPoint.POOLED, 0)) {
            NDArray first = last.get(0).reshape(1, last.getShape().get(1));
            emit(HookPoint.POOLED, 0, linear(pooler, first).tanh().reshape(-1));
        }
        Head head = architecture.head();
        if (head != null && demand.wants(HookPoint.LOGITS, 0)) {
            emit(HookPoint.LOGITS, 0, logits(head, last));
        }
    }

    @Override
    public void close() {
        pass.close();
    }

    private NDArray embed(long[] ids) {
        Embedding embedding = architecture.embedding();
        NDArray x = rows(weights.table(embedding.tokens()), ids);
        if (embedding.scale() != 1) {
            x.muli((float) embedding.scale());
        }
        if (embedding.inputProjection() != null) {
            x = linear(embedding.inputProjection(), x);
        }
        Embedding.Positions positions = embedding.positions();
        if (positions != null) {
            x.addi(rows(weights.table(positions.table()), positions(ids, positions)));
        }
        if (embedding.tokenTypes() != null) {
            x.addi(weights.firstRow(embedding.tokenTypes()));
        }
        if (embedding.norm() != null) {
            x = norm(embedding.norm(), x);
        }
        return embedding.projection() == null ? x : linear(embedding.projection(), x);
    }

    private static long[] positions(long[] ids, Embedding.Positions positions) {
        long[] rows = new long[ids.length];
        long next = positions.offset();
        for (int i = 0; i < ids.length; i++) {
            rows[i] = ids[i] == positions.padding() ? positions.offset() - 1 : next++;
        }
        return rows;
    }

    /** The residual stream after the block, or null where nothing after some point in it is wanted. */
    private @Nullable NDArray block(Block block, int layer, NDArray pre) {
        boolean post = block.order() == Block.Order.POST;
        NDArray normed = post ? pre : norm(block.attentionNorm(), pre);
        NDArray attended = attention(block.attention(), layer, normed);
        if (attended == null) {
            return null;
        }
        if (block.attentionOutNorm() != null) {
            attended = norm(block.attentionOutNorm(), attended);
        }
        boolean keptAttention = emit(HookPoint.ATTN_OUT, layer, attended);
        if (!demand.after(HookPoint.ATTN_OUT, layer)) {
            return null;
        }
        NDArray mid = plus(attended, keptAttention, pre);
        if (block.order() == Block.Order.PARALLEL) {
            NDArray input = block.mlpNorm() == null ? normed : norm(block.mlpNorm(), pre);
            NDArray fed = mlp(block, layer, input);
            return fed == null ? null : plus(mid, false, fed);
        }
        if (post) {
            mid = norm(block.attentionNorm(), mid);
        }
        emit(HookPoint.RESID_MID, layer, mid);
        if (!demand.after(HookPoint.RESID_MID, layer)) {
            return null;
        }
        NDArray fed = mlp(block, layer, post ? mid : norm(required(block.mlpNorm()), mid));
        if (fed == null) {
            return null;
        }
        NDArray sum = plus(fed, demand.wants(HookPoint.MLP_OUT, layer), mid);
        return post ? norm(required(block.mlpNorm()), sum) : sum;
    }

    private @Nullable NDArray attention(Attention attention, int layer, NDArray x) {
        NDArray[] qkv = project(attention, x);
        NDArray q = turned(attention, attention.queryNorm(), qkv[0]); // [heads, n, d_head]
        NDArray k = turned(attention, attention.keyNorm(), qkv[1]); // [kv_heads, n, d_head]
        NDArray v = qkv[2]; // [kv_heads, n, d_head]
        emit(HookPoint.Q, layer, q);
        emit(HookPoint.K, layer, k);
        emit(HookPoint.V, layer, v);
        if (!demand.after(HookPoint.V, layer)) {
            return null;
        }
        int heads = attention.heads();
        int kvHeads = attention.kvHeads();
        long n = x.getShape().get(0);
        // Query heads that share a key head are stacked along the tokens, so that keys and values are never repeated.
        NDArray scaled = q.mul((float) attention.rule().scale()).reshape(kvHeads, heads / kvHeads * n, -1);
        NDArray scores = reshaped(scaled.matMul(k.transpose(0, 2, 1)), heads, n, n);
        NDArray pattern = softmax(attention.rule(), scores, n); // [heads, n, n]
        emit(HookPoint.ATTENTION, layer, pattern);
        if (!demand.after(HookPoint.ATTENTION, layer)) {
            return null;
        }
        NDArray mixed =
                pattern.reshape(kvHeads, heads / kvHeads * n, n).matMul(v); // [kv_heads, heads / kv_heads · n, d_head]
        pattern.close();
        return linear(
                attention.output(),
                mixed.reshape(heads, n, -1).transpose(1, 0, 2).reshape(n, (long) heads * attention.headWidth()));
    }

    /** Queries [heads, n, d_head], keys and values [kv_heads, n, d_head], as views of what the matrices gave. */
    private NDArray[] project(Attention attention, NDArray x) {
        long n = x.getShape().get(0);
        int width = attention.headWidth();
        NDArray[] qkv = new NDArray[3];
        if (attention.packing() == Attention.Packing.SEPARATE) {
            for (int i = 0; i < 3; i++) {
                qkv[i] = linear(attention.projections().get(i), x)
                        .reshape(n, i == 0 ? attention.heads() : attention.kvHeads(), width)
                        .transpose(1, 0, 2);
            }
            return qkv;
        }
        NDArray all = linear(attention.projections().get(0), x); // [n, 3 · heads · d_head]
        NDArray parts = attention.packing() == Attention.Packing.STACKED
                ? all.reshape(n, 3, attention.heads(), width).transpose(1, 2, 0, 3)
                : all.reshape(n, attention.heads(), 3, width).transpose(2, 1, 0, 3);
        for (int i = 0; i < 3; i++) {
            qkv[i] = parts.get(i);
        }
        return qkv;
    }

    private NDArray turned(Attention attention, @Nullable Norm norm, NDArray x) {
        NDArray normed = norm == null ? x : norm(norm, x);
        if (attention.rotary() == null) {
            return normed;
        }
        int n = (int) x.getShape().get(1);
        return rotaries.computeIfAbsent(attention.rotary(), rotary -> RotaryTable.of(rotary, n, pass))
                .rotate(normed);
    }

    /** The weights of attention; the scores are overwritten and closed. */
    private NDArray softmax(AttentionRule rule, NDArray scores, long n) {
        NDArray capped = softcap(rule.softcap(), scores);
        if (rule.causal()) {
            capped.addi(masks.computeIfAbsent(rule.window(), window -> CausalMask.of((int) n, window, pass)));
        }
        NDArray pattern = capped.softmax(2);
        capped.close();
        return pattern;
    }

    /** cap · tanh(x / cap), in place of x; x itself where there is no cap. */
    private static NDArray softcap(double cap, NDArray x) {
        return cap == 0 ? x : Activation.TANH.apply(x.divi((float) cap)).muli((float) cap);
    }

    private @Nullable NDArray mlp(Block block, int layer, NDArray x) {
        Mlp mlp = block.mlp();
        NDArray neurons; // [n, d_mlp]
        if (mlp.gate() == null) {
            neurons = mlp.activation().apply(linear(mlp.in(), x));
        } else {
            neurons = mlp.activation().apply(linear(mlp.gate(), x)).muli(linear(mlp.in(), x));
        }
        emit(HookPoint.MLP_ACT, layer, neurons);
        if (!demand.after(HookPoint.MLP_ACT, layer)) {
            return null;
        }
        NDArray out = linear(mlp.out(), neurons);
        if (block.mlpOutNorm() != null) {
            out = norm(block.mlpOutNorm(), out);
        }
        emit(HookPoint.MLP_OUT, layer, out);
        return demand.after(HookPoint.MLP_OUT, layer) ? out : null;
    }

    /** The final norm and projection of the last block's residual stream. */
    NDArray lastHiddenState(NDArray stream) {
        NDArray normed = architecture.finalNorm() == null ? stream : norm(architecture.finalNorm(), stream);
        return architecture.outputProjection() == null ? normed : linear(architecture.outputProjection(), normed);
    }

    /** [n, vocab_size]. */
    NDArray logits(Head head, NDArray last) {
        NDArray x = last;
        Head.Transform transform = head.transform();
        if (transform != null) {
            x = norm(transform.norm(), transform.activation().apply(linear(transform.dense(), x)));
        }
        return softcap(head.softcap(), linear(head.unembedding(), x));
    }

    private NDArray rows(NDArray table, long[] indices) {
        NDArray at = scope.create(indices);
        return at.getNDArrayInternal().embedding(at, table, SparseFormat.DENSE).singletonOrThrow();
    }

    private NDArray linear(Linear linear, NDArray x) {
        return x.getNDArrayInternal()
                .linear(x, weights.matrix(linear), weights.bias(linear))
                .singletonOrThrow();
    }

    private NDArray norm(Norm norm, NDArray x) {
        NDArray[] parts = weights.norm(norm);
        if (norm.kind() == Norm.Kind.LAYER) {
            return x.getNDArrayInternal()
                    .layerNorm(x, new Shape(norm.width()), parts[0], parts[1], (float) norm.epsilon())
                    .singletonOrThrow();
        }
        int[] lastAxis = {x.getShape().dimension() - 1};
        NDArray size =
                x.square().mean(lastAxis, true).addi((float) norm.epsilon()).sqrt();
        return x.div(size).muli(parts[0]);
    }

    /** A view of another shape; the first handle is closed, so that closing the view frees the memory. */
    private static NDArray reshaped(NDArray x, long... shape) {
        NDArray view = x.reshape(shape);
        x.close();
        return view;
    }

    /** The sum, in place of the first array where nobody else has it. */
    private static NDArray plus(NDArray own, boolean shared, NDArray other) {
        return shared ? own.add(other) : own.addi(other);
    }

    /**
     * Gives an activation to the sink if it wants it. The sink gets a handle of its own on contiguous values: it may attach that
     * elsewhere, and what follows here still belongs to the pass.
     */
    private boolean emit(HookPoint hook, int layer, NDArray activation) {
        if (!demand.wants(hook, layer)) {
            return false;
        }
        sink.accept(hook, layer, activation.flatten().reshape(activation.getShape()));
        return true;
    }

    private static Norm required(@Nullable Norm norm) {
        if (norm == null) {
            throw new IllegalStateException("only parallel blocks share a norm");
        }
        return norm;
    }
}
