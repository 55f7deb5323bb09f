/** Functions over vectors; {@link dev.vitrine.udfs.vector.VectorMath} holds the loops. */
@NullMarked
package dev.vitrine.udfs.vector;

import org.jspecify.annotations.NullMarked;
