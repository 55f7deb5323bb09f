package dev.vitrine.examples.training;

import ai.djl.ndarray.NDArray;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.examples.gpt2.Gpt2Folder;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Each head's induction score on repeated random tokens with periods that training did not see: the mean attention that a token of the
 * second copy pays to the token after its earlier copy (Olsson et al. 2022, "In-context Learning and Induction Heads"). The rows of the
 * first copy have no earlier copy and do not count.
 */
final class HeldOutScore {
    private HeldOutScore() {}

    /** Odd numbers from 5 up to half of what the model can read. */
    private static int[] periods(int positions) {
        return IntStream.rangeClosed(5, positions / 2)
                .filter(period -> period % 2 == 1)
                .toArray();
    }

    /** The mean over one sequence of two copies per held-out period: [layer][head], 0 to 1. */
    static double[][] of(TransformerModel model, long seed) {
        ModelCard card = model.card();
        double[][] scores = new double[card.layers()][card.heads()];
        Random random = new Random(seed);
        int[] periods = periods(card.maxPositions());
        for (int period : periods) {
            long[] block = random.longs(Gpt2Folder.FIRST_WORD, card.vocabSize())
                    .distinct()
                    .limit(period)
                    .toArray();
            long[] twice = IntStream.range(0, 2 * period)
                    .mapToLong(position -> block[position % period])
                    .toArray();
            model.forward(twice, new Sum(scores, period));
        }
        for (double[] layer : scores) {
            for (int head = 0; head < layer.length; head++) {
                layer[head] /= periods.length;
            }
        }
        return scores;
    }

    /** Adds one sequence's scores. */
    private static final class Sum implements ActivationSink {
        private final double[][] scores;
        private final int period;

        Sum(double[][] scores, int period) {
            this.scores = scores;
            this.period = period;
        }

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return hook == HookPoint.ATTENTION;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray attention) {
            int length = 2 * period;
            float[] weights = attention.toFloatArray(); // [heads, length, length]
            for (int head = 0; head < scores[layer].length; head++) {
                double sum = 0;
                for (int query = period; query < length; query++) {
                    sum += weights[(head * length + query) * length + query - period + 1];
                }
                scores[layer][head] += sum / period;
            }
        }
    }
}
