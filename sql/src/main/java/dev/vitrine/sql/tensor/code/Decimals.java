package dev.vitrine.sql.tensor.code;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Exact decimals of at most 18 digits, held as a long in units of the last digit. */
final class Decimals {
    private static final int MOST_DIGITS = 18;

    private Decimals() {}

    static boolean fits(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.DECIMAL
                && type.getPrecision() <= MOST_DIGITS
                && type.getScale() >= 0;
    }

    /** 10 to that power, as a Java literal. */
    static String power(int exponent) {
        return "1" + "0".repeat(exponent) + "L";
    }
}
