package dev.vitrine.sql.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Choices that follow from a seed alone. */
final class RandomChoice {
    private final Random random;

    RandomChoice(long seed) {
        random = new Random(seed);
        // The first numbers of seeds that follow one another are alike.
        random.nextLong();
    }

    /** A number from 0 to {@code bound} − 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** The choices in any order. */
    <T> List<T> shuffled(List<T> choices) {
        List<T> shuffled = new ArrayList<>(choices);
        java.util.Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
