package dev.vitrine.sql.tensor;

import java.nio.file.Path;

/** Stores for tests in other packages. */
public final class StoredRuns {
    private StoredRuns() {}

    /** A run of 361,200 random weights: 2 layers, 2 heads, one prompt of 300 tokens, which see one another. */
    public static void write(Path folder) {
        RandomRun.of("long", false, 2, 2, 2, 300).write(folder, 1);
    }
}
