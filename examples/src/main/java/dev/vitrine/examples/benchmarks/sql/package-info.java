/** Times SQL on Vitrine and on DuckDB over the same cells; {@link dev.vitrine.examples.benchmarks.sql.SqlBenchmark} runs it. */
@NullMarked
package dev.vitrine.examples.benchmarks.sql;

import org.jspecify.annotations.NullMarked;
