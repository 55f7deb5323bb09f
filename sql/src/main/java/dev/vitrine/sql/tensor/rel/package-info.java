/** The planner's side: {@link dev.vitrine.sql.tensor.rel.TensorRel} and one rule per operator that it absorbs. */
@NullMarked
package dev.vitrine.sql.tensor.rel;

import org.jspecify.annotations.NullMarked;
