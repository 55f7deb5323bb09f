package dev.vitrine.udfs;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that functions take and give: the SQL name of each, and the Java types that stand for it in a function's methods. */
public enum SqlType {
    BOOLEAN("BOOLEAN", boolean.class, Boolean.class),
    INTEGER("INTEGER", int.class, Integer.class),
    BIGINT("BIGINT", long.class, Long.class),
    REAL("REAL", float.class, Float.class),
    DOUBLE("DOUBLE", double.class, Double.class),
    VARCHAR("VARCHAR", String.class, String.class),
    /** A vector. */
    REAL_ARRAY("REAL ARRAY", float[].class, float[].class);

    private final String label;
    private final Class<?> javaType;
    private final Class<?> boxedType;

    SqlType(String label, Class<?> javaType, Class<?> boxedType) {
        this.label = label;
        this.javaType = javaType;
        this.boxedType = boxedType;
    }

    /** The SQL name, e.g. {@code REAL ARRAY}. */
    public String label() {
        return label;
    }

    /** What an argument of this type is in Java: a primitive, String or float[]. */
    public Class<?> javaType() {
        return javaType;
    }

    /** What a value that may be NULL is in Java. */
    public Class<?> boxedType() {
        return boxedType;
    }

    /** The type that an argument of a Java method has, or null where there is none. */
    static @Nullable SqlType ofArgument(Class<?> javaType) {
        return Arrays.stream(values())
                .filter(type -> type.javaType == javaType)
                .findFirst()
                .orElse(null);
    }

    /** The type that a result of a Java method has, or null where there is none. */
    static @Nullable SqlType ofResult(Class<?> javaType) {
        return Arrays.stream(values())
                .filter(type -> type.javaType == javaType || type.boxedType == javaType)
                .findFirst()
                .orElse(null);
    }

    /** The type of that SQL name, or null where there is none. */
    static @Nullable SqlType ofLabel(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label.equals(label))
                .findFirst()
                .orElse(null);
    }

    /** All SQL names, for messages. */
    static String labels() {
        return Arrays.stream(values()).map(SqlType::label).collect(Collectors.joining(", "));
    }
}
