package dev.vitrine.engine.model.architecture;

import java.util.Set;

/** The names in a weights file. They tell what config.json does not: whether there is a prefix, a head, a pooler. */
public final class TensorNames {
    private final Set<String> names;

    public TensorNames(Set<String> names) {
        this.names = names;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /**
     * The prefix in this file: that of the base model inside a class with a head, or none where the base model was saved alone.
     *
     * @param probe a name without prefix that every file of the family has
     */
    String prefix(String prefix, String probe) {
        return !has(prefix + probe) && has(probe) ? "" : prefix;
    }

    /** The first of the names that is there, or the last one, so that its absence is what gets reported. */
    String firstOf(String... candidates) {
        for (String candidate : candidates) {
            if (has(candidate)) {
                return candidate;
            }
        }
        return candidates[candidates.length - 1];
    }
}
