package dev.vitrine.examples.training;

import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Trains a small GPT-2 to continue repeated random tokens and writes it as a Hugging Face folder. With two layers an induction head
 * forms; with one it cannot. The shipped model is what this writes, about a minute and a half on one core:
 *
 * <pre>
 * mvn -q compile exec:java -pl examples -am -Dexec.mainClass=dev.vitrine.examples.training.InductionTraining \
 *     -Dexec.args=engine/src/main/resources/dev/vitrine/models/induction-toy
 * </pre>
 *
 * A second argument gives the number of layers, 2 where there is none, a third the seed, 1 where there is none.
 */
public final class InductionTraining {
    private static final int STEPS = 1000;
    private static final long SCORE_SEED = 0;

    private InductionTraining() {}

    public static void main(String[] args) throws IOException {
        // One thread: the order of a sum, and with it the last bit of every weight, depends on how many there are.
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        NativeLibraries.prepare();
        if (args.length == 0) {
            System.err.println("usage: InductionTraining <folder> [<layers> [<seed>]]");
            System.exit(2);
        }
        Path folder = Path.of(args[0]);
        int layers = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        try (Training training = new Training(shape(layers), STEPS, seed)) {
            for (int step = 1; step <= STEPS; step++) {
                float loss = training.step();
                if (step == 1 || step % 50 == 0) {
                    System.out.printf(Locale.ROOT, "step %4d  loss %.4f%n", step, loss);
                }
            }
            training.model().write(folder);
        }
        try (TransformerModel model = TransformerModel.open(folder.toString())) {
            double[][] scores = HeldOutScore.of(model, SCORE_SEED);
            for (int layer = 0; layer < layers; layer++) {
                String heads = Arrays.toString(Arrays.stream(scores[layer])
                        .mapToObj(score -> String.format(Locale.ROOT, "%.3f", score))
                        .toArray());
                System.out.println("induction score, layer " + layer + ": " + heads);
            }
        }
    }

    /** The shipped model's sizes; all differ, so that a mistaken axis cannot go unseen. */
    static Gpt2Shape shape(int layers) {
        return new Gpt2Shape(layers, 4, 64, 96, ToyVocabulary.SIZE, 128);
    }
}
