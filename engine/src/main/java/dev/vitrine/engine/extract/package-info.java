/** Prompts in, a run out: {@code Extraction} is the door. */
@NullMarked
package dev.vitrine.engine.extract;

import org.jspecify.annotations.NullMarked;
