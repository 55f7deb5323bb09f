/** The functions: each is one class with one {@link dev.vitrine.udfs.SqlFunction}, plain Java over primitives and float[]. */
@NullMarked
package dev.vitrine.udfs;

import org.jspecify.annotations.NullMarked;
