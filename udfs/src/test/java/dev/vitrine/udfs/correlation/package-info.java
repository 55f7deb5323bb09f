/** Hand-worked values, reference values and misuse. */
@NullMarked
package dev.vitrine.udfs.correlation;

import org.jspecify.annotations.NullMarked;
