/** Benchmarks that state machine, data, runs and spread, and check what they measured. See {@code examples/benchmarks/README.md}. */
@NullMarked
package dev.vitrine.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
