/** Hand-worked values, reference values and misuse. */
@NullMarked
package dev.vitrine.udfs.projection;

import org.jspecify.annotations.NullMarked;
