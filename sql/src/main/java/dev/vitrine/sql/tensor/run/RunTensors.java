package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.AttentionRows;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Statistic;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.sql.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** One run as the loops see it: how long each axis is, and readers of its rows. Thread-safe. */
public final class RunTensors {
    private final Run run;
    private final ModelCard model;
    private final boolean[] layers;

    private RunTensors(Run run) {
        this.run = run;
        this.model = run.model();
        int[] kept = run.layers();
        layers = new boolean[Arrays.stream(kept).max().orElse(-1) + 1];
        for (int layer : kept) {
            layers[layer] = true;
        }
    }

    /** These runs, in their order. */
    public static List<RunTensors> of(List<Run> runs) {
        return runs.stream().map(RunTensors::new).toList();
    }

    /** The run's name, the value of SQL column {@code run}. */
    public String name() {
        return run.name();
    }

    /** Whether the run keeps this tensor, or can compute it. */
    public boolean has(Tensor tensor) {
        return switch (tensor) {
            case ATTENTION -> run.has(HookPoint.ATTENTION);
            case QUERIES -> run.has(HookPoint.Q);
            case KEYS -> run.has(HookPoint.K);
            case VALUE_VECTORS -> run.has(HookPoint.V);
            case NEURONS -> run.has(HookPoint.MLP_ACT);
            case HIDDEN_STATES -> {
                boolean any = false;
                for (int site = 0; site < Sites.count(); site++) {
                    any |= hasSite(site);
                }
                yield any;
            }
        };
    }

    /** Number of prompts. */
    public int prompts() {
        return run.prompts();
    }

    /** Tokens of a prompt. */
    public int tokens(int prompt) {
        return run.tokens(prompt);
    }

    /** Tokens of the longest prompt; 0 without prompts. */
    public int maxTokens() {
        return run.maxTokens();
    }

    /** One more than the last layer kept. */
    public int layers() {
        return layers.length;
    }

    /** Whether that layer, of {@link #layers}, is kept. */
    public boolean hasLayer(int layer) {
        return layers[layer];
    }

    /** Query heads. */
    public int heads() {
        return model.heads();
    }

    /** Key-value heads, a divisor of {@link #heads}. */
    public int kvHeads() {
        return model.kvHeads();
    }

    /** Whether hidden states of that ordinal of {@link Sites} are kept. */
    public boolean hasSite(int site) {
        return run.has(Sites.hook(site));
    }

    /** Whether a query sees only keys up to its own position. */
    public boolean causal() {
        return model.causal();
    }

    /** Numbers per vector, or neurons. */
    public int width(Tensor tensor) {
        return switch (tensor) {
            case NEURONS -> model.dMlp();
            case HIDDEN_STATES -> model.dModel();
            default -> model.dHead();
        };
    }

    /** A reader of attention or neurons. */
    public Cells cells(Tensor tensor) {
        return tensor == Tensor.ATTENTION ? new Weights(run.attention()) : new Activations(run.neurons());
    }

    /** A reader of vectors; {@code site} matters to hidden states alone. */
    public Vectors vectors(Tensor tensor, int site) {
        return switch (tensor) {
            case QUERIES -> new Vectors(run.queries(), 1);
            case KEYS -> new Vectors(run.keys(), model.heads() / model.kvHeads());
            case VALUE_VECTORS -> new Vectors(run.valueVectors(), model.heads() / model.kvHeads());
            default -> new Vectors(run.hidden(Sites.hook(site)), 1);
        };
    }

    /** Rows of float32 cells. */
    public interface Cells {
        /** Copies cells {@code [from, to)} of a row to the start of {@code into}. Without heads {@code head} does not matter. */
        void read(int prompt, int layer, int head, int pos, int from, int to, float[] into);

        /**
         * Copies one cell of each of the rows {@code [fromPos, toPos)}, that at {@code slope · pos + offset}; where a row has none
         * {@code into} is left as it is.
         */
        void line(int prompt, int layer, int head, int fromPos, int toPos, int slope, long offset, float[] into);

        /** A statistic of rows {@code [from, to)} to the start of {@code into}; NaN where it is not known, as of neurons. */
        default void statistics(Statistic statistic, int prompt, int layer, int head, int from, int to, double[] into) {
            Arrays.fill(into, 0, Math.max(0, to - from), Double.NaN);
        }

        /** A statistic of all rows of a head; NaN where it is not known, as of neurons. */
        default double statistic(Statistic statistic, int prompt, int layer, int head) {
            return Double.NaN;
        }
    }

    private record Weights(AttentionRows rows) implements Cells {
        @Override
        public void read(int prompt, int layer, int head, int pos, int from, int to, float[] into) {
            rows.slice(prompt, layer, head, pos, from, to, into);
        }

        @Override
        public void line(
                int prompt, int layer, int head, int fromPos, int toPos, int slope, long offset, float[] into) {
            rows.line(prompt, layer, head, fromPos, toPos, slope, offset, into);
        }

        @Override
        public void statistics(Statistic statistic, int prompt, int layer, int head, int from, int to, double[] into) {
            rows.statistics(statistic, prompt, layer, head, from, to, into);
        }

        @Override
        public double statistic(Statistic statistic, int prompt, int layer, int head) {
            return rows.statistic(statistic, prompt, layer, head);
        }
    }

    private record Activations(VectorRows rows) implements Cells {
        @Override
        public void read(int prompt, int layer, int head, int pos, int from, int to, float[] into) {
            rows.slice(prompt, layer, 0, pos, from, to, into);
        }

        @Override
        public void line(
                int prompt, int layer, int head, int fromPos, int toPos, int slope, long offset, float[] into) {
            rows.line(prompt, layer, 0, fromPos, toPos, slope, offset, into);
        }
    }

    /**
     * Float32 vectors.
     *
     * @param rows as the file has them
     * @param group query heads per head of the file
     */
    public record Vectors(VectorRows rows, int group) {
        /** The vectors of positions {@code [from, to)}, [to − from, width] row-major. {@code head} is a query head. */
        public void read(int prompt, int layer, int head, int from, int to, float[] into) {
            rows.block(prompt, layer, head / group, from, to, into);
        }
    }
}
