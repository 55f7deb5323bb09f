package dev.vitrine.engine.model;

import ai.djl.ndarray.types.Shape;

/**
 * One tensor as a safetensors header describes it.
 *
 * @param dtype the format's own name, e.g. {@code F32}
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte
 */
record TensorEntry(String name, String dtype, Shape shape, long begin, long end) {
    long bytes() {
        return end - begin;
    }
}
