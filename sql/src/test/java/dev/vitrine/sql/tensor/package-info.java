/** Tests of the fused engine: the same queries fused, through Calcite's own operators, and in DuckDB. */
@NullMarked
package dev.vitrine.sql.tensor;

import org.jspecify.annotations.NullMarked;
