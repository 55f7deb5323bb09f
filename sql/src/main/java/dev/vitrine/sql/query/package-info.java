/** One running statement, {@link dev.vitrine.sql.query.Query}: what it sees of the store, what it may spend, and who can stop it. */
@NullMarked
package dev.vitrine.sql.query;

import org.jspecify.annotations.NullMarked;
