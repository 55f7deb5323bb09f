package dev.vitrine.sql.tensor.run;

import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Tensor;
import java.util.List;

/** How long the axes of a nest are in each run, under a query's bounds. */
public final class Extents {
    private final Nest nest;
    private final List<RunTensors> runs;
    private final Bounds bounds;

    public Extents(Nest nest, List<RunTensors> runs, Bounds bounds) {
        this.nest = nest;
        this.runs = runs;
        this.bounds = bounds;
    }

    public Nest nest() {
        return nest;
    }

    public int runs() {
        return runs.size();
    }

    /** First coordinate of an axis. */
    public int lo(int axis) {
        return bounds.lo(axis);
    }

    /** One past the last coordinate of an axis in this run and prompt; {@code prompt} matters to positions alone. */
    public int hi(int axis, int run, int prompt) {
        return Math.max(lo(axis), Math.min(bounds.hi(axis), length(nest.axes().get(axis), runs.get(run), prompt)));
    }

    /** One past the last coordinate of an axis in any run. */
    public int hi(int axis) {
        if (nest.axes().get(axis) == AxisKind.RUN) {
            return Math.max(lo(axis), Math.min(bounds.hi(axis), runs.size()));
        }
        int longest = 0;
        for (RunTensors run : runs) {
            AxisKind kind = nest.axes().get(axis);
            longest = Math.max(longest, kind == AxisKind.POSITION ? run.maxTokens() : length(kind, run, 0));
        }
        return Math.max(lo(axis), Math.min(bounds.hi(axis), longest));
    }

    /** Whether the run has every tensor of the nest. */
    public boolean has(int run) {
        return nest.operands().stream().allMatch(operand -> runs.get(run).has(operand.tensor()));
    }

    /** What part of its (query, key) rectangle attention has: one where every query sees every key. */
    double seen(int run, int prompt) {
        for (Nest.Operand operand : nest.operands()) {
            int key = operand.cellAxis();
            boolean bounded = bounds.lo(key) > 0 || bounds.hi(key) < Integer.MAX_VALUE;
            if (operand.tensor() == Tensor.ATTENTION
                    && operand.line() == null
                    && runs.get(run).causal()
                    && !bounded) {
                double lo = lo(operand.axes().get(4));
                double hi = hi(operand.axes().get(4), run, prompt);
                double all = (hi - lo) * hi(key, run, prompt);
                return all == 0 ? 0 : (hi * (hi + 1) - lo * (lo + 1)) / 2 / all;
            }
        }
        return 1;
    }

    private int length(AxisKind kind, RunTensors run, int prompt) {
        return switch (kind) {
            case RUN -> runs.size();
            case PROMPT -> run.prompts();
            case LAYER -> run.layers();
            case HEAD -> run.heads();
            case SITE -> Sites.count();
            case POSITION -> run.tokens(prompt);
            case NEURON -> run.width(Tensor.NEURONS);
        };
    }
}
