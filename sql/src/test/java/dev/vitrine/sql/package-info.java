/** Tests of SQL: mostly scripts, see {@link dev.vitrine.sql.ScriptsTest}. */
@NullMarked
package dev.vitrine.sql;

import org.jspecify.annotations.NullMarked;
