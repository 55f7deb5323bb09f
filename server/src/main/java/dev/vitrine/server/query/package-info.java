/** Statements while they run: {@link dev.vitrine.server.query.Queries} admits, watches and stops them, {@code Failure} says what went wrong. */
@NullMarked
package dev.vitrine.server.query;

import org.jspecify.annotations.NullMarked;
