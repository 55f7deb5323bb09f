/** Hand-worked values, reference values and misuse. */
@NullMarked
package dev.vitrine.udfs.induction;

import org.jspecify.annotations.NullMarked;
