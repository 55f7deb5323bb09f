package dev.vitrine.engine.store;

/** A stretch of a tensor file's rows: some units and heads of one prompt of n tokens. A batch is a row of segments. */
record Segment(int prompt, int n, int unitFrom, int unitTo, int headFrom, int headTo) {
    /** Of this segment some heads. */
    Segment heads(int from, int to) {
        return new Segment(prompt, n, unitFrom, unitTo, from, to);
    }

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
