package dev.vitrine.server.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes: data goes to {@code out}, everything else to {@code err}.
 *
 * @param interactive whether a person sits at both ends
 */
public record Console(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
