/** The commands of {@code vitrine}, one class each, and the SQL shell. */
@NullMarked
package dev.vitrine.server.cli;

import org.jspecify.annotations.NullMarked;
