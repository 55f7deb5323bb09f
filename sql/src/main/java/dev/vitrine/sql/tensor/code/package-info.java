/** From row expressions to Java source to a loaded class. {@link dev.vitrine.sql.tensor.code.TensorProgram} first. */
@NullMarked
package dev.vitrine.sql.tensor.code;

import org.jspecify.annotations.NullMarked;
