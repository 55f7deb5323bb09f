package dev.vitrine.engine.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.vitrine.engine.model.PackedPrompts.Group;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.Mlp;
import dev.vitrine.engine.model.architecture.Norm;
import dev.vitrine.engine.model.architecture.Rotary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prompts through a model: one, or several in a batch. Nothing is padded: what works token by token works on the rows of all prompts at
 * once, and only attention is computed by itself for each prompt, or together for those of one length. Shapes stand at the end of
 * lines: N is the number of tokens in all, n that of a prompt and p the number of prompts of a group.
 *
 * <p>Every layer has a manager of its own, which the residual stream enters and leaves, so that what a layer made is freed when it ends.
 * Operations in place touch only arrays made here that no sink has been given.
 */
final class ForwardPass {
    /**
     * What attention scores may take at a time, in bytes: a longer prompt's heads are computed some after the others. At 1,024 tokens (GPT-2
     * small's shape) 1 to 4 of 12 heads at a time were as fast as all, and a process that ran bare passes, alone and two at a time, took
     * 1.37 to 1.57 GB at the peak in place of 1.87.
     */
    static final long SCORES_BYTES = 16 << 20;

    private final Architecture architecture;
    private final Layers layers;
    private final PackedPrompts packed;
    private final Demand demand;
    private final long scoresBytes;
    private final NDManager pass;
    private final Map<MaskOf, NDArray> masks = new HashMap<>();
    private final Map<RotaryOf, RotaryTable> rotaries = new HashMap<>();
    private NDManager scope;

    private record MaskOf(int window, int n) {}

    private record RotaryOf(Rotary rotary, int n) {}

    ForwardPass(Architecture architecture, Layers layers, List<BatchedPrompt> batch, long scoresBytes, NDManager pass) {
        this.architecture = architecture;
        this.layers = layers;
        this.packed = new PackedPrompts(batch);
        this.demand = new Demand(batch, architecture);
        this.scoresBytes = scoresBytes;
        this.pass = pass;
        this.scope = pass.newSubManager();
    }

    void run() {
        NDArray stream = layers.embed(packed, scope); // [N, d_model]
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
        NDArray last = layers.lastHiddenState(stream); // [N, d_model]
        emit(HookPoint.FINAL, 0, last);
        Linear pooler = architecture.pooler();
        if (pooler != null && demand.wants(HookPoint.POOLED, 0)) {
            for (Group group : packed.groups()) {
                emit(HookPoint.POOLED, 0, group, layers.pooled(pooler, rows(last, group), group.n()));
            }
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
        List<NDArray> projected =
                new ArrayList<>(); // [N, heads · d_head] or [N, kv_heads · d_head] each, or [N, 3 · heads · d_head]
        attention.projections().forEach(projection -> projected.add(layers.linear(projection, x)));
        NDList mixed = new NDList();
        for (Group group : packed.groups()) {
            NDArray one = attend(attention, layer, group, split(attention, group, projected));
            if (one != null) {
                mixed.add(one);
            }
        }
        if (mixed.isEmpty()) {
            return null;
        }
        NDArray all = mixed.size() == 1 ? mixed.get(0) : NDArrays.concat(mixed); // [N, heads · d_head]
        return layers.linear(attention.output(), all);
    }

    /** What the heads of a group's prompts read, side by side: [p · n, heads · d_head]; null where nothing after some point is wanted. */
    private @Nullable NDArray attend(Attention attention, int layer, Group group, NDArray[] qkv) {
        NDArray q = turned(attention, attention.queryNorm(), qkv[0]); // [p · heads, n, d_head]
        NDArray k = turned(attention, attention.keyNorm(), qkv[1]); // [p · kv_heads, n, d_head]
        NDArray v = qkv[2]; // [p · kv_heads, n, d_head]
        emit(HookPoint.Q, layer, group, q);
        emit(HookPoint.K, layer, group, k);
        emit(HookPoint.V, layer, group, v);
        if (!demand.after(HookPoint.V, layer)) {
            return null;
        }
        long n = group.n();
        long kvHeads = (long) group.prompts() * attention.kvHeads();
        // Query heads that share a key head are stacked along the tokens, so that keys and values are never repeated.
        long stack = attention.heads() / attention.kvHeads();
        NDArray scaled = q.mul((float) attention.rule().scale()).reshape(kvHeads, stack * n, -1);
        long part = group.prompts() == 1 ? headsAtATime(kvHeads, stack * n * n) : kvHeads;
        NDList parts = new NDList();
        for (long from = 0; from < kvHeads; from += part) {
            long count = Math.min(part, kvHeads - from);
            NDArray scores =
                    some(scaled, from, count).matMul(some(k, from, count).transpose(0, 2, 1));
            NDArray pattern = softmax(attention.rule(), reshaped(scores, count * stack, n, n), group.n());
            emit(HookPoint.ATTENTION, layer, group, pattern); // [p · heads, n, n], or [some heads, n, n]
            NDArray stacked = reshaped(pattern, count, stack * n, n);
            if (demand.after(HookPoint.ATTENTION, layer)) {
                parts.add(stacked.matMul(some(v, from, count))); // [p · kv_heads, heads / kv_heads · n, d_head]
            }
            stacked.close();
        }
        if (parts.isEmpty()) {
            return null;
        }
        NDArray mixed = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts);
        return mixed.reshape(group.prompts(), attention.heads(), n, -1)
                .transpose(0, 2, 1, 3)
                .reshape(group.rows(), -1);
    }

    /** How many key heads are computed together, in parts that are as even as can be. */
    private long headsAtATime(long kvHeads, long scoresOfOne) {
        long most = Math.max(1, scoresBytes / (scoresOfOne * Float.BYTES));
        long parts = (kvHeads + most - 1) / most;
        return (kvHeads + parts - 1) / parts;
    }

    /** Some of the first axis. */
    private static NDArray some(NDArray x, long from, long count) {
        return count == x.getShape().get(0) ? x : slice(x, from, count);
    }

    /** Queries [p · heads, n, d_head], keys and values [p · kv_heads, n, d_head] of a group; for one prompt views of what the matrices gave. */
    private NDArray[] split(Attention attention, Group group, List<NDArray> projected) {
        long p = group.prompts();
        long n = group.n();
        long width = attention.headWidth();
        NDArray[] qkv = new NDArray[3];
        if (attention.packing() == Attention.Packing.SEPARATE) {
            for (int i = 0; i < 3; i++) {
                long heads = i == 0 ? attention.heads() : attention.kvHeads();
                qkv[i] = rows(projected.get(i), group)
                        .reshape(p, n, heads, width)
                        .transpose(0, 2, 1, 3)
                        .reshape(p * heads, n, width);
            }
            return qkv;
        }
        long heads = attention.heads();
        NDArray all = rows(projected.get(0), group);
        NDArray parts = attention.packing() == Attention.Packing.STACKED
                ? all.reshape(p, n, 3, heads, width).transpose(2, 0, 3, 1, 4)
                : all.reshape(p, n, heads, 3, width).transpose(3, 0, 2, 1, 4);
        for (int i = 0; i < 3; i++) {
            qkv[i] = parts.get(i).reshape(p * heads, n, width);
        }
        return qkv;
    }

    private NDArray turned(Attention attention, @Nullable Norm norm, NDArray x) {
        NDArray normed = norm == null ? x : layers.norm(norm, x);
        if (attention.rotary() == null) {
            return normed;
        }
        RotaryOf key = new RotaryOf(attention.rotary(), (int) x.getShape().get(1));
        return rotaries.computeIfAbsent(key, of -> RotaryTable.of(of.rotary(), of.n(), pass))
                .rotate(normed);
    }

    /** The weights of attention; the scores are overwritten and closed. */
    private NDArray softmax(AttentionRule rule, NDArray scores, int n) {
        NDArray capped = Layers.softcap(rule.softcap(), scores);
        if (rule.causal()) {
            capped.addi(masks.computeIfAbsent(
                    new MaskOf(rule.window(), n), of -> CausalMask.of(of.n(), of.window(), pass)));
        }
        NDArray pattern = capped.softmax(2);
        capped.close();
        return pattern;
    }

    private @Nullable NDArray mlp(Block block, int layer, NDArray x) {
        Mlp mlp = block.mlp();
        NDArray neurons; // [N, d_mlp]
        if (mlp.gate() == null) {
            neurons = layers.activated(mlp.activation(), mlp.in(), x);
        } else {
            neurons = layers.activated(mlp.activation(), mlp.gate(), x).muli(layers.linear(mlp.in(), x));
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

    /** A group's rows of what is computed for all prompts. */
    private NDArray rows(NDArray all, Group group) {
        return group.rows() == packed.rows() ? all : slice(all, group.from(), group.rows());
    }

    private static NDArray slice(NDArray x, long from, long length) {
        return x.get(new NDIndex().addSliceDim(from, from + length));
    }

    /** Gives every sink that wants it the rows of its prompt. */
    private boolean emit(HookPoint hook, int layer, NDArray all) {
        if (!demand.wants(hook, layer)) {
            return false;
        }
        packed.groups().forEach(group -> emit(hook, layer, group, rows(all, group)));
        return true;
    }

    /**
     * Gives every sink that wants it its prompt's share of the first axis. The sink gets a handle of its own on contiguous values: it
     * may attach that elsewhere, and what follows here still belongs to the pass.
     */
    private void emit(HookPoint hook, int layer, Group group, NDArray activation) {
        if (!demand.wants(hook, layer)) {
            return;
        }
        NDArray whole =
                reshaped(activation.flatten(), activation.getShape().getShape()).toDevice(Device.cpu(), false);
        long share = whole.getShape().get(0) / group.prompts();
        NDManager owner = whole.getManager();
        for (int prompt = 0; prompt < group.prompts(); prompt++) {
            ActivationSink sink = group.sinks().get(prompt);
            if (sink.wants(hook, layer)) {
                NDArray given = group.prompts() == 1 ? whole : slice(whole, prompt * share, share);
                sink.accept(hook, layer, given);
                closeUnlessTaken(given, owner);
            }
        }
        closeUnlessTaken(whole, owner);
    }

    /** A handle that stayed open would keep memory until the layer ends. */
    private static void closeUnlessTaken(NDArray handle, NDManager owner) {
        if (handle.getManager() == owner) {
            handle.close();
        }
    }
}
