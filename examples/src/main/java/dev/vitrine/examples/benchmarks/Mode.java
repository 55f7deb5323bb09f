package dev.vitrine.examples.benchmarks;

import java.io.IOException;

/** What is done with the activations of some prompts. */
interface Mode {
    /** Makes room for the next {@link #run}; not timed. */
    default void prepare() throws IOException {}

    /** All prompts once; timed. */
    void run() throws IOException;

    /** The numbers of {@link Pick#of} for the first prompt; throws where what was kept is wrong. */
    float[] check() throws IOException;
}
