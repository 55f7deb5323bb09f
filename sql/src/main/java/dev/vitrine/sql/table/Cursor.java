package dev.vitrine.sql.table;

import org.jspecify.annotations.Nullable;

/** Walks the rows of one scan. A value is read when it is asked for, so columns that nobody wants cost nothing. */
interface Cursor {
    /** Steps to the next row; false after the last. */
    boolean next();

    /** The value of a column in this row, as {@link Column.Type} says. */
    @Nullable
    Object value(int column);
}
