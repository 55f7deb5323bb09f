package dev.vitrine.sql.tensor;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** How a value of an SQL type is held in generated loops. */
public enum Kind {
    BOOLEAN("boolean"),
    INT("int"),
    LONG("long"),
    FLOAT("float"),
    DOUBLE("double"),
    STRING("String"),
    /** REAL ARRAY. */
    VECTOR("float[]"),
    /** Anything else: passed on, never computed with. */
    OBJECT("Object");

    private final String java;

    Kind(String java) {
        this.java = java;
    }

    /** The Java type's name. */
    public String java() {
        return java;
    }

    public boolean numeric() {
        return this == INT || this == LONG || this == FLOAT || this == DOUBLE;
    }

    public boolean integral() {
        return this == INT || this == LONG;
    }

    public boolean primitive() {
        return this.compareTo(DOUBLE) <= 0;
    }

    /** The kind of a type that loops compute with; {@link #OBJECT} for all others. */
    public static Kind of(RelDataType type) {
        return switch (type.getSqlTypeName()) {
            case BOOLEAN -> BOOLEAN;
            case INTEGER -> INT;
            case BIGINT -> LONG;
            case REAL -> FLOAT;
            case FLOAT, DOUBLE -> DOUBLE;
            case VARCHAR, CHAR -> STRING;
            case ARRAY -> isReal(type.getComponentType()) ? VECTOR : OBJECT;
            default -> OBJECT;
        };
    }

    private static boolean isReal(@Nullable RelDataType type) {
        return type != null && type.getSqlTypeName() == SqlTypeName.REAL;
    }
}
