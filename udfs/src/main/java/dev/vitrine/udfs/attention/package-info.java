/** What one row of attention says by itself. */
@NullMarked
package dev.vitrine.udfs.attention;

import org.jspecify.annotations.NullMarked;
