package dev.vitrine.sql.tensor.code;

/** What becomes of the rows that pass: Java at four places of the generated class. */
interface Sink {
    /** The sink's fields, and statements for the start of a box, where {@code sink} is the object to fill. */
    void open(NestWriter nest, StringBuilder box);

    /** Statements before the innermost loop, in its method. */
    void beforeRow(NestWriter nest, StringBuilder row);

    /** Statements for a row that passed; {@code lane} tells apart the copies of an unrolled loop. */
    void body(NestWriter nest, Block block, int lane);

    /** Statements after the innermost loop, in its method. */
    void afterRow(NestWriter nest, StringBuilder row);

    /** Whether the innermost loop is needed; not where all that it would do was written before it. To be asked after {@link #beforeRow}. */
    default boolean walksCells() {
        return true;
    }

    /** How many copies of the innermost loop's body run side by side. */
    int lanes(NestWriter nest);

    /** What stands for the innermost loop where statistics answer, up to the else of an if; empty where none do. To be asked after {@link #body}. */
    default String insteadOfLoop() {
        return "";
    }
}
