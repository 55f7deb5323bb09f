/** What generated loops call and what drives them: boxes of the nest on several threads, group state, bulk reads. {@link dev.vitrine.sql.tensor.run.LoopNest} first. */
@NullMarked
package dev.vitrine.sql.tensor.run;

import org.jspecify.annotations.NullMarked;
