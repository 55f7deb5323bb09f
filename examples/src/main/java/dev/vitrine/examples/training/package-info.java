/**
 * Trains the model that ships as {@code induction-toy}: {@link dev.vitrine.examples.training.InductionTraining} is the program, {@link
 * dev.vitrine.examples.training.ToyGpt2} the model.
 */
@NullMarked
package dev.vitrine.examples.training;

import org.jspecify.annotations.NullMarked;
