/** Vectors read in the vocabulary. */
@NullMarked
package dev.vitrine.udfs.projection;

import org.jspecify.annotations.NullMarked;
