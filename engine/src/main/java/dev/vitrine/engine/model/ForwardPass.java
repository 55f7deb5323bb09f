package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
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
final class ForwardPass {
    private final Architecture architecture;
    private final Layers layers;
    private final ActivationSink sink;
    private final Demand demand;
    private final NDManager pass;
    private final Map<Integer, NDArray> masks = new HashMap<>();
    private final Map<Rotary, RotaryTable> rotaries = new HashMap<>();
    private NDManager scope;

    ForwardPass(Architecture architecture, Layers layers, ActivationSink sink, NDManager pass) {
        this.architecture = architecture;
        this.layers = layers;
        this.sink = sink;
        this.demand = new Demand(sink, architecture);
        this.pass = pass;
        this.scope = pass.newSubManager();
    }

    void run(long[] ids) {
        NDArray stream = layers.embed(ids, scope); // [n, d_model]
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
        NDArray last = layers.lastHiddenState(stream); // [n, d_model]
        emit(HookPoint.FINAL, 0, last);
        Linear pooler = architecture.pooler();
        if (pooler != null && demand.wants(HookPoint.POOLED, 0)) {
            emit(HookPoint.POOLED, 0, layers.pooled(pooler, last));
        }
        Head head = architecture.head();
        if (head != null && demand.wants(HookPoint.LOGITS, 0)) {
            emit(HookPoint.LOGITS, 0, layers.logits(head, last));
        }
    }

    /** The residual stream after the block, or null where nothing after some point in it is wanted. */
    private @Nullable NDArray block(Block block, int layer, NDArray pre) {
        boolean post = block.order() == Block.Order.POST;
        NDArray normed = post ? pre : layers.norm(block.attentionNorm(), pre);
        NDArray attended = attention(block.attention(), layer, normed);
        if (attended == null) {
            return null;
        }
        if (block.attentionOutNorm() != null) {
            attended = layers.norm(block.attentionOutNorm(), attended);
        }
        boolean keptAttention = emit(HookPoint.ATTN_OUT, layer, attended);
        if (!demand.after(HookPoint.ATTN_OUT, layer)) {
            return null;
        }
        NDArray mid = plus(attended, keptAttention, pre);
        if (block.order() == Block.Order.PARALLEL) {
            NDArray input = block.mlpNorm().equals(block.attentionNorm()) ? normed : layers.norm(block.mlpNorm(), pre);
            NDArray fed = mlp(block, layer, input);
            return fed == null ? null : plus(mid, false, fed);
        }
        if (post) {
            mid = layers.norm(block.attentionNorm(), mid);
        }
        emit(HookPoint.RESID_MID, layer, mid);
        if (!demand.after(HookPoint.RESID_MID, layer)) {
            return null;
        }
        NDArray fed = mlp(block, layer, post ? mid : layers.norm(block.mlpNorm(), mid));
        if (fed == null) {
            return null;
        }
        NDArray sum = plus(fed, demand.wants(HookPoint.MLP_OUT, layer), mid);
        return post ? layers.norm(block.mlpNorm(), sum) : sum;
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
        NDArray stacked = reshaped(pattern, kvHeads, heads / kvHeads * n, n);
        NDArray mixed = stacked.matMul(v); // [kv_heads, heads / kv_heads · n, d_head]
        stacked.close();
        return layers.linear(
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
                qkv[i] = layers.linear(attention.projections().get(i), x)
                        .reshape(n, i == 0 ? attention.heads() : attention.kvHeads(), width)
                        .transpose(1, 0, 2);
            }
            return qkv;
        }
        NDArray all = layers.linear(attention.projections().get(0), x); // [n, 3 · heads · d_head]
        NDArray parts = attention.packing() == Attention.Packing.STACKED
                ? all.reshape(n, 3, attention.heads(), width).transpose(1, 2, 0, 3)
                : all.reshape(n, attention.heads(), 3, width).transpose(2, 1, 0, 3);
        for (int i = 0; i < 3; i++) {
            qkv[i] = parts.get(i);
        }
        return qkv;
    }

    private NDArray turned(Attention attention, @Nullable Norm norm, NDArray x) {
        NDArray normed = norm == null ? x : layers.norm(norm, x);
        if (attention.rotary() == null) {
            return normed;
        }
        int n = (int) x.getShape().get(1);
        return rotaries.computeIfAbsent(attention.rotary(), rotary -> RotaryTable.of(rotary, n, pass))
                .rotate(normed);
    }

    /** The weights of attention; the scores are overwritten and closed. */
    private NDArray softmax(AttentionRule rule, NDArray scores, long n) {
        NDArray capped = Layers.softcap(rule.softcap(), scores);
        if (rule.causal()) {
            capped.addi(masks.computeIfAbsent(rule.window(), window -> CausalMask.of((int) n, window, pass)));
        }
        NDArray pattern = capped.softmax(2);
        capped.close();
        return pattern;
    }

    private @Nullable NDArray mlp(Block block, int layer, NDArray x) {
        Mlp mlp = block.mlp();
        NDArray neurons; // [n, d_mlp]
        if (mlp.gate() == null) {
            neurons = mlp.activation().apply(layers.linear(mlp.in(), x));
        } else {
            neurons = mlp.activation().apply(layers.linear(mlp.gate(), x)).muli(layers.linear(mlp.in(), x));
        }
        emit(HookPoint.MLP_ACT, layer, neurons);
        if (!demand.after(HookPoint.MLP_ACT, layer)) {
            return null;
        }
        NDArray out = layers.linear(mlp.out(), neurons);
        if (block.mlpOutNorm() != null) {
            out = layers.norm(block.mlpOutNorm(), out);
        }
        emit(HookPoint.MLP_OUT, layer, out);
        return demand.after(HookPoint.MLP_OUT, layer) ? out : null;
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
        sink.accept(
                hook,
                layer,
                reshaped(activation.flatten(), activation.getShape().getShape()));
        return true;
    }
}
