package dev.vitrine.sql.tensor;

/** What an axis of a tensor counts. Loops are nested in this order, which is the order of the files. */
public enum AxisKind {
    RUN,
    PROMPT,
    LAYER,
    HEAD,
    SITE,
    POSITION,
    NEURON;

    /** Whether a value is a name in SQL and an ordinal in the loops. */
    public boolean named() {
        return this == RUN || this == SITE;
    }
}
