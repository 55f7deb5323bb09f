/**
 * The store as tables. {@link dev.vitrine.sql.table.StoreSchema} lists them; a {@link dev.vitrine.sql.table.StoreTable} says its columns
 * and walks its rows; {@code BoundsRule} and {@code ReadRule} bring conditions and columns down to it.
 */
@NullMarked
package dev.vitrine.sql.table;

import org.jspecify.annotations.NullMarked;
