package dev.vitrine.engine.store;

/** Where a run's attention weights come from. */
public enum AttentionForm {
    /** {@code attention.arrow} has them as the forward pass computed them. */
    STORED,
    /** They are computed from queries and keys when they are read. */
    DERIVED,
    /** The run has none. */
    NONE
}
