package dev.vitrine.sql.plan;

import dev.vitrine.sql.workspace.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that makes or removes a workspace table or view, as its text says it. */
sealed interface Definition {
    /**
     * {@code CREATE TABLE}.
     *
     * @param columns empty where the query alone says them
     * @param query what follows AS, at its place in the statement's text; null where there is none
     */
    record CreateTable(
            String name,
            boolean ifNotExists,
            List<Column> columns,
            List<String> primaryKey,
            List<List<String>> unique,
            @Nullable String query)
            implements Definition {}

    /**
     * A column of {@code CREATE TABLE}.
     *
     * @param type null where the query says it
     * @param defaultValue null where there is none
     */
    record Column(
            String name,
            @Nullable ColumnType type,
            boolean nullable,
            @Nullable Object defaultValue) {}

    /** {@code CREATE VIEW … AS query}. */
    record CreateView(String name, boolean ifNotExists, String query) implements Definition {}

    /** {@code DROP TABLE} or {@code DROP VIEW}. */
    record Drop(boolean view, String name, boolean ifExists) implements Definition {}
}
