/** Tests of what generated loops call. */
@NullMarked
package dev.vitrine.sql.tensor.run;

import org.jspecify.annotations.NullMarked;
