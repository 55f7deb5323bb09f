package dev.vitrine.udfs;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * All functions: SQL binds them, and {@code vitrine functions}, the HTTP catalogue and the README's table are written from them. Immutable.
 */
public final class FunctionCatalog {
    private final TreeMap<String, FunctionDescription> byName = new TreeMap<>();

    private FunctionCatalog() {}

    /** The functions of every {@link FunctionPack} on the class path; {@code INVALID_ARGUMENT} names the class that breaks the convention. */
    public static FunctionCatalog load() {
        try {
            return of(ServiceLoader.load(FunctionPack.class));
        } catch (ServiceConfigurationError e) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a function pack on the class path cannot be loaded: " + e.getMessage(),
                    e);
        }
    }

    /** The functions of these packs. */
    public static FunctionCatalog of(Iterable<FunctionPack> packs) {
        FunctionCatalog catalog = new FunctionCatalog();
        for (FunctionPack pack : packs) {
            pack.functions().forEach(catalog::add);
        }
        return catalog;
    }

    private void add(Class<?> implementation) {
        FunctionDescription function = new FunctionReader(implementation).read();
        FunctionDescription earlier = byName.putIfAbsent(function.name(), function);
        if (earlier != null) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "function " + function.name() + " is defined by both "
                            + earlier.implementation().getName() + " and " + implementation.getName()
                            + "; expected one class per name");
        }
    }

    /** Sorted by name. */
    public Collection<FunctionDescription> functions() {
        return List.copyOf(byName.values());
    }

    /** The function of that name, in any case; {@code NOT_FOUND} with the list of names where there is none. */
    public FunctionDescription function(String name) {
        FunctionDescription function = byName.get(name.toLowerCase(Locale.ROOT));
        if (function == null) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "function '" + name + "' is not known; expected one of " + String.join(", ", byName.keySet()));
        }
        return function;
    }

    /** A GitHub table, one line per function, sorted by name. */
    public String markdown() {
        StringBuilder table = new StringBuilder("| function | kind | what it gives | source |\n|---|---|---|---|\n");
        for (FunctionDescription function : byName.values()) {
            table.append("| `").append(cell(function.signature())).append("` | ");
            table.append(function.kind().name().toLowerCase(Locale.ROOT)).append(" | ");
            table.append(cell(function.summary())).append(" | ");
            table.append(cell(function.source())).append(" |\n");
        }
        return table.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
