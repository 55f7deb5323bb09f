package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/**
 * The MLP of one block: out(act(in(x))), or out(act(gate(x)) · in(x)) where there is a gate.
 *
 * @param gate null for a plain MLP
 */
public record Mlp(Linear in, @Nullable Linear gate, Linear out, Activation activation) {
    /** Without a gate. */
    static Mlp plain(Linear in, Linear out, Activation activation) {
        return new Mlp(in, null, out, activation);
    }
}
