/**
 * Tensor pipelines: SQL over attention, vectors and neurons compiled to one loop nest over coordinates. {@link
 * dev.vitrine.sql.tensor.Tensor} says which tables are tensors, {@link dev.vitrine.sql.tensor.Nest} what a query loops over; {@code
 * rel} holds the planner's side, {@code code} writes the loops, {@code run} executes them.
 */
@NullMarked
package dev.vitrine.sql.tensor;

import org.jspecify.annotations.NullMarked;
