/** Hand-worked values, reference values and misuse. */
@NullMarked
package dev.vitrine.udfs.mixing;

import org.jspecify.annotations.NullMarked;
