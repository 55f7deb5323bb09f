/** From SQL text to something that runs: {@link dev.vitrine.sql.plan.Compiler} is the door, {@code Dialect} says which SQL this is. */
@NullMarked
package dev.vitrine.sql.plan;

import org.jspecify.annotations.NullMarked;
