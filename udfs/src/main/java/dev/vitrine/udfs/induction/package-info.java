/** Attention to earlier copies in repeated sequences. */
@NullMarked
package dev.vitrine.udfs.induction;

import org.jspecify.annotations.NullMarked;
