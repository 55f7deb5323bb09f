/** The function catalogue as Calcite operators: {@link dev.vitrine.sql.functions.FunctionOperators} is the door. */
@NullMarked
package dev.vitrine.sql.functions;

import org.jspecify.annotations.NullMarked;
