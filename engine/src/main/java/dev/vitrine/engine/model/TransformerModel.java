package dev.vitrine.engine.model;

/** Placeholder of the door, replaced as the module grows. */
public final class TransformerModel {
    private TransformerModel() {}
}
