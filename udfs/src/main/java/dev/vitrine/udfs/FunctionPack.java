package dev.vitrine.udfs;

import java.util.List;

/** A set of functions, found through {@link java.util.ServiceLoader}: a jar on the class path adds its own by naming one. */
public interface FunctionPack {
    /** Classes that carry {@link SqlFunction}. */
    List<Class<?>> functions();
}
