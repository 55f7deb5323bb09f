/** The store as SQL: {@code VitrineDriver} is the door, at {@code jdbc:vitrine:FOLDER}. */
@NullMarked
package dev.vitrine.sql;

import org.jspecify.annotations.NullMarked;
