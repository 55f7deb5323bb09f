/**
 * The store as SQL, embedded: {@link dev.vitrine.sql.Database} is the door, {@link dev.vitrine.sql.VitrineDriver} the same door at
 * {@code jdbc:vitrine:FOLDER}. The other classes are the JDBC objects, on Avatica's; {@code plan} compiles, {@code query} is one execution,
 * {@code table}, {@code functions} and {@code workspace} are what SQL can name.
 */
@NullMarked
package dev.vitrine.sql;

import org.jspecify.annotations.NullMarked;
