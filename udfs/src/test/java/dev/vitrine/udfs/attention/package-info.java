/** Hand-worked values, reference values and misuse. */
@NullMarked
package dev.vitrine.udfs.attention;

import org.jspecify.annotations.NullMarked;
