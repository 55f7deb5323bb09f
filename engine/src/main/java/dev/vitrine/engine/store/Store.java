package dev.vitrine.engine.store;

/** Placeholder of the door, replaced as the module grows. */
public final class Store {
    private Store() {}
}
