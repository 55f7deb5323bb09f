package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;

/**
 * A value in generated Java: two expressions without side effects. Where {@code isNull} is true, {@code text} is false, 0 or null.
 *
 * @param scale for exact decimals, which are longs: digits after the point; 0 otherwise
 */
record Value(Kind kind, String text, String isNull, int scale) {
    static final String NEVER = "false";

    static Value of(Kind kind, String text) {
        return new Value(kind, text, NEVER, 0);
    }

    static Value of(Kind kind, String text, String isNull) {
        return new Value(kind, text, isNull, 0);
    }

    static Value nothing(Kind kind) {
        return new Value(kind, zero(kind), "true", 0);
    }

    boolean nullable() {
        return !isNull.equals(NEVER);
    }

    /** For a boolean: an expression that is true where the value is FALSE. */
    String isFalse() {
        return nullable() ? "(!" + text + " && !" + isNull + ")" : "(!" + text + ")";
    }

    /** What stands where there is no value. */
    static String zero(Kind kind) {
        return kind == Kind.BOOLEAN ? "false" : "((" + kind.java() + ") " + (kind.primitive() ? "0)" : "null)");
    }
}
