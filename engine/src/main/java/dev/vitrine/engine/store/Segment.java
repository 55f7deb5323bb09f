package dev.vitrine.engine.store;

/** A stretch of a tensor file's rows: some units and heads of one prompt of n tokens. A batch is a row of segments. */
record Segment(int prompt, int n, int unitFrom, int unitTo, int headFrom, int headTo) {
    int tiles() {
        return (unitTo - unitFrom) * (headTo - headFrom);
    }

    long rows() {
        return (long) tiles() * n;
    }

    long numbers(TensorTable table) {
        return tiles() * table.tileNumbers(n);
    }
}
