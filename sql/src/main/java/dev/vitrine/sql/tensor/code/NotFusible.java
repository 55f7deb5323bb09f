package dev.vitrine.sql.tensor.code;

/** Says why an expression cannot be computed in generated loops. Never leaves this package. */
final class NotFusible extends RuntimeException {
    NotFusible(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
