/** Experiments, benchmarks and the trainer of the shipped toy model. */
@NullMarked
package dev.vitrine.examples;

import org.jspecify.annotations.NullMarked;
