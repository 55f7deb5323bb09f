package dev.vitrine.udfs;

/** What a function is in SQL, told by the methods of its class. */
public enum FunctionKind {
    /** A value per row: {@code eval}. */
    SCALAR,
    /** A value per group: {@code init}, {@code add}, {@code merge}, {@code result}. */
    AGGREGATE,
    /** Rows: {@code rows}. */
    TABLE
}
