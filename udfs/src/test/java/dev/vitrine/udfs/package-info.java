/** The catalogue. */
@NullMarked
package dev.vitrine.udfs;

import org.jspecify.annotations.NullMarked;
