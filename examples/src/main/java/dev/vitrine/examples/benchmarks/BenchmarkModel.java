package dev.vitrine.examples.benchmarks;

import dev.vitrine.examples.gpt2.Gpt2Folder;
import dev.vitrine.examples.gpt2.Gpt2Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A GPT-2 with random weights: what it costs to run does not depend on what it has learnt. */
final class BenchmarkModel {
    /** GPT-2 small's; half a gigabyte. */
    static final Gpt2Shape SMALL = new Gpt2Shape(12, 12, 768, 3072, 50257, 1024);

    /** So large that attention is far from uniform and an activation in the wrong place is seen. */
    private static final double DEVIATION = 0.05;

    private BenchmarkModel() {}

    /** Writes the folder, the same one on every call. */
    static void write(Path folder, Gpt2Shape shape) throws IOException {
        Map<String, long[]> tensors = shape.tensors();
        List<String> words = IntStream.range(Gpt2Folder.FIRST_WORD, shape.vocabulary())
                .mapToObj(id -> "w" + id)
                .toList();
        Gpt2Folder.write(folder, shape, words, name -> {
            int size = 1;
            for (long length : tensors.getOrDefault(name, new long[0])) {
                size = Math.toIntExact(size * length);
            }
            float[] values = new float[size];
            if (name.contains("ln_") && name.endsWith(".weight")) {
                Arrays.fill(values, 1);
                return values;
            }
            SplittableRandom random = new SplittableRandom(name.hashCode());
            for (int i = 0; i < size; i++) {
                values[i] = (float) (DEVIATION * random.nextGaussian());
            }
            return values;
        });
    }

    /** Token ids of a prompt; the Python side computes the same ones. */
    static long[] prompt(int index, int tokens) {
        return IntStream.range(0, tokens)
                .mapToLong(position -> (7919L * (index + 1) + 104729L * position) % SMALL.vocabulary())
                .toArray();
    }
}
