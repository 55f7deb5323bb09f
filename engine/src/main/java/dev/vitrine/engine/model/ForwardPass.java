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
import java.util.Arrays;
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
     * How many queries of a causal model's long prompt attend at a time, so that scores stay in the processor's nearer caches and most of
     * what the mask hides is not computed. Where there are more than twice as many, heads attend one after the other in any model. In an
     * experiment (GPT-2 small's shape, two passes side by side) 64, 128 and 256 queries took 0.83, 0.83 and 0.86 of the time of all at
     * 1,024 tokens, 128 took 0.96 at 512, and at 256 nothing was gained.
     */
    static final int QUERIES = 128;

    private final Architecture architecture;
    private final Layers layers;
    private final PackedPrompts packed;
    private final Demand demand;
    private final int queries;
    private final NDManager pass;
    private final Map<MaskOf, NDArray> masks = new HashMap<>();
    private final Map<RotaryOf, RotaryTable> rotaries = new HashMap<>();
    private NDManager scope;

    private record MaskOf(int window, int from, int to) {}

    private record RotaryOf(Rotary rotary, int n) {}

    ForwardPass(Architecture architecture, Layers layers, List<BatchedPrompt> batch, int queries, NDManager pass) {
        this.architecture = architecture;
        this.layers = layers;
        this.packed = new PackedPrompts(batch);
        this.demand = new Demand(batch, architecture);
        this.queries = queries;
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
        AttentionRule rule = attention.rule();
        NDArray scaled = q.mul((float) rule.scale());
        NDList parts = new NDList();
        if (isLong(group)) {
            for (int head = 0; head < attention.heads(); head++) {
                int keyHead = head / (attention.heads() / attention.kvHeads());
                NDArray query = some(scaled, 0, head, 1);
                attend(rule, layer, group, query, some(k, 0, keyHead, 1), some(v, 0, keyHead, 1), parts);
            }
        } else {
            attend(rule, layer, group, scaled, k, v, parts);
        }
        if (parts.isEmpty()) {
            return null;
        }
        NDArray mixed = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 1);
        return mixed.reshape(group.prompts(), attention.heads(), group.n(), -1)
                .transpose(0, 2, 1, 3)
                .reshape(group.rows(), -1);
    }

    /** Whether a prompt's attention is computed in parts. */
    private boolean isLong(Group group) {
        return group.prompts() == 1 && group.n() > 2L * queries;
    }

    /**
     * Adds to {@code parts} what heads read, [key heads, query heads / key heads · n, d_head], or of one causal head what some queries
     * after the others do, [1, r, d_head]; nothing where nothing after attention is wanted.
     */
    private void attend(AttentionRule rule, int layer, Group group, NDArray q, NDArray k, NDArray v, NDList parts) {
        long n = group.n();
        long heads = q.getShape().get(0);
        long keyHeads = k.getShape().get(0);
        // Query heads that share a key head are stacked along the tokens, so that keys and values are never repeated.
        long stack = heads / keyHeads;
        NDArray stacked = q.reshape(keyHeads, stack * n, -1);
        NDArray turned = k.transpose(0, 2, 1); // [key heads, d_head, n]
        long step = rule.causal() && isLong(group) ? queries : n;
        for (long from = 0; from < n; from += step) {
            long to = Math.min(from + step, n);
            long seen = rule.causal() ? to : n;
            long r = stack * (to - from);
            NDArray scores = some(stacked, 1, stack * from, r).matMul(some(turned, 2, 0, seen));
            NDArray pattern = softmax(rule, reshaped(scores, heads, to - from, seen), from);
            if (demand.wants(HookPoint.ATTENTION, layer)) {
                NDArray handle = pattern.reshape(pattern.getShape()); // [p · heads, n, n], or [1, r, m]
                emitWhole(HookPoint.ATTENTION, layer, group, handle);
            }
            NDArray weights = reshaped(pattern, keyHeads, r, seen);
            if (demand.after(HookPoint.ATTENTION, layer)) {
                parts.add(weights.matMul(some(v, 1, 0, seen)));
            }
            weights.close();
        }
    }

    /** A view of what stands from one place of an axis on. */
    private static NDArray some(NDArray x, int axis, long from, long length) {
        if (length == x.getShape().get(axis)) {
            return x;
        }
        NDIndex index = new NDIndex();
        for (int before = 0; before < axis; before++) {
            index.addAllDim();
        }
        return x.get(index.addSliceDim(from, from + length));
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

    /** The weights of attention [heads, r, m] of the queries from one position on; the scores are overwritten and closed. */
    private NDArray softmax(AttentionRule rule, NDArray scores, long from) {
        NDArray capped = Layers.softcap(rule.softcap(), scores);
        if (rule.causal()) {
            MaskOf mask = new MaskOf(
                    rule.window(), (int) from, (int) capped.getShape().get(2));
            capped.addi(masks.computeIfAbsent(mask, of -> CausalMask.of(of.from(), of.to(), of.window(), pass)));
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

    /** A view of another shape, which takes the place of the first handle: closing it frees the memory. */
    private static NDArray reshaped(NDArray x, long... shape) {
        if (Arrays.equals(x.getShape().getShape(), shape)) {
            return x;
        }
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
        return some(all, 0, group.from(), group.rows());
    }

    /** Gives every sink that wants it the rows of its prompt. */
    private boolean emit(HookPoint hook, int layer, NDArray all) {
        if (!demand.wants(hook, layer)) {
            return false;
        }
        packed.groups().forEach(group -> emit(hook, layer, group, rows(all, group)));
        return true;
    }

    /** Gives every sink that wants it its prompt's share of the first axis, whatever lies between the values. */
    private void emit(HookPoint hook, int layer, Group group, NDArray activation) {
        if (demand.wants(hook, layer)) {
            emitWhole(
                    hook,
                    layer,
                    group,
                    reshaped(activation.flatten(), activation.getShape().getShape()));
        }
    }

    /**
     * Gives every sink that wants it its prompt's share of the first axis of contiguous values. Takes over the handle: what a sink does
     * not attach elsewhere is closed, and what follows in the pass must have a handle of its own.
     */
    private void emitWhole(HookPoint hook, int layer, Group group, NDArray handle) {
        NDArray whole = handle.toDevice(Device.cpu(), false);
        if (whole != handle) {
            handle.close();
        }
        long share = whole.getShape().get(0) / group.prompts();
        NDManager owner = whole.getManager();
        for (int prompt = 0; prompt < group.prompts(); prompt++) {
            ActivationSink sink = group.sinks().get(prompt);
            if (sink.wants(hook, layer)) {
                NDArray given = some(whole, 0, prompt * share, share);
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
