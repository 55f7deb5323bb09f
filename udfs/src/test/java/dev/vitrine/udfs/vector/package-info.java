/** Exact values, odd lengths, NaN, NULL and misuse of the vector functions. */
@NullMarked
package dev.vitrine.udfs.vector;

import org.jspecify.annotations.NullMarked;
