package dev.vitrine.engine.store;

import dev.vitrine.engine.model.AttentionRule;
import dev.vitrine.engine.model.ModelCard;
import java.util.Arrays;

/**
 * Attention weights computed from queries and keys as they are read: softmax over the visible keys of scale · q·k, capped where the
 * model caps ({@link AttentionRule}). Products are summed in double, so that
 * stored weights, which are off by torch's rounding, differ by less than 1e-6.
 */
final class DerivedAttention extends AttentionRows {
    private final VectorRows queries;
    private final VectorRows keys;
    private final PromptLengths lengths;
    private final ModelCard model;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    DerivedAttention(VectorRows queries, VectorRows keys, PromptLengths lengths, ModelCard model) {
        super(lengths, model.causal());
        this.queries = queries;
        this.keys = keys;
        this.lengths = lengths;
        this.model = model;
    }

    /** What a thread keeps between calls, since rows of one head are mostly asked for one after the other. */
    private static final class Scratch {
        private int prompt = -1;
        private int layer = -1;
        private int kvHead = -1;
        /** [d_head, n]: a component of all keys lies together, so that the loop over keys is one that the compiler vectorizes. */
        private double[] keysByComponent = new double[0];

        private double[] scores = new double[0];

        private float[] vectors = new float[0];
        private float[] row = new float[0];

        float[] vectors(int length) {
            vectors = vectors.length < length ? new float[length] : vectors;
            return vectors;
        }

        double[] keysByComponent(int length) {
            keysByComponent = keysByComponent.length < length ? new double[length] : keysByComponent;
            return keysByComponent;
        }

        double[] scores(int length) {
            scores = scores.length < length ? new double[length] : scores;
            return scores;
        }

        float[] row(int length) {
            row = row.length < length ? new float[length] : row;
            return row;
        }
    }

    @Override
    public int block(int prompt, int layer, int head, int fromQuery, int toQuery, float[] into) {
        int d = queries.dimension();
        int n = lengths.tokens(prompt);
        AttentionRule rule = model.attention().get(layer);
        Scratch own = scratch.get();
        double[] byComponent = keys(own, prompt, layer, model.kvHead(head));
        float[] query = own.vectors(n * d);
        queries.block(prompt, layer, head, fromQuery, toQuery, query);
        double[] scores = own.scores(n);
        float[] row = own.row(n);
        int at = 0;
        for (int i = fromQuery; i < toQuery; i++) {
            int length = rowLength(prompt, i);
            int first = rule.window() > 0 ? Math.max(0, i - rule.window() + 1) : 0;
            Arrays.fill(scores, first, length, 0);
            int queryAt = (i - fromQuery) * d;
            int c = 0;
            // Four components in one pass, since reading and writing the scores costs more than the products.
            for (; c + 3 < d; c += 4) {
                double c0 = query[queryAt + c] * rule.scale();
                double c1 = query[queryAt + c + 1] * rule.scale();
                double c2 = query[queryAt + c + 2] * rule.scale();
                double c3 = query[queryAt + c + 3] * rule.scale();
                int at0 = c * n;
                int at1 = at0 + n;
                int at2 = at1 + n;
                int at3 = at2 + n;
                for (int j = first; j < length; j++) {
                    scores[j] += c0 * byComponent[at0 + j]
                            + c1 * byComponent[at1 + j]
                            + c2 * byComponent[at2 + j]
                            + c3 * byComponent[at3 + j];
                }
            }
            for (; c < d; c++) {
                double component = query[queryAt + c] * rule.scale();
                int keysAt = c * n;
                for (int j = first; j < length; j++) {
                    scores[j] += component * byComponent[keysAt + j];
                }
            }
            for (int j = first; j < length; j++) {
                double score = rule.softcap() > 0 ? rule.softcap() * Math.tanh(scores[j] / rule.softcap()) : scores[j];
                row[j] = (float) score;
            }
            Softmax.apply(row, first, length);
            Arrays.fill(row, 0, first, 0);
            System.arraycopy(row, 0, into, at, length);
            at += length;
        }
        return at;
    }

    private double[] keys(Scratch own, int prompt, int layer, int kvHead) {
        int d = keys.dimension();
        int n = lengths.tokens(prompt);
        double[] byComponent = own.keysByComponent(n * d);
        if (own.prompt == prompt && own.layer == layer && own.kvHead == kvHead) {
            return byComponent;
        }
        float[] vectors = own.vectors(n * d);
        keys.block(prompt, layer, kvHead, 0, n, vectors);
        for (int pos = 0; pos < n; pos++) {
            for (int c = 0; c < d; c++) {
                byComponent[c * n + pos] = vectors[pos * d + c];
            }
        }
        own.prompt = prompt;
        own.layer = layer;
        own.kvHead = kvHead;
        return byComponent;
    }
}
