package dev.vitrine.engine.store;

import dev.vitrine.engine.VectorInstructions;

/**
 * Every {@link Statistic} of one row, taken at once while attention is written; bit for bit the same with vector instructions and
 * without, so that files are.
 */
abstract class RowStatistics {
    double min;
    double max;
    double sum;

    /** The fastest that this JVM has. */
    static RowStatistics create() {
        return VectorInstructions.arePresent()
                ? VectorInstructions.load(RowStatistics.class, "VectorRowStatistics")
                : new PlainRowStatistics();
    }

    /** Takes the statistics of the first weights of {@code row}, of which there is one at least. */
    abstract void take(float[] row, int length);

    final double get(Statistic statistic) {
        return switch (statistic) {
            case MIN -> min;
            case MAX -> max;
            case SUM -> sum;
        };
    }
}
