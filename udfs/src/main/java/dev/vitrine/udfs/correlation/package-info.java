/** How far one measure of token pairs stands in for another. */
@NullMarked
package dev.vitrine.udfs.correlation;

import org.jspecify.annotations.NullMarked;
