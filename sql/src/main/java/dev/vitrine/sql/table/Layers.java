package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;

/** Which layers a run keeps. */
final class Layers {
    static final Layers NONE = new Layers(new boolean[0]);

    private final boolean[] kept;

    private Layers(boolean[] kept) {
        this.kept = kept;
    }

    static Layers of(Run run) {
        boolean[] kept = new boolean[run.model().layers()];
        for (int layer : run.layers()) {
            kept[layer] = true;
        }
        return new Layers(kept);
    }

    /** Layers are less than this. */
    int end() {
        return kept.length;
    }

    boolean has(int layer) {
        return kept[layer];
    }
}
