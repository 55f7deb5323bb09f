package dev.vitrine.sql.workspace;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table to make.
 *
 * @param primaryKey names of its columns; empty where there is none
 * @param unique further keys
 */
public record TableDefinition(String name, List<Column> columns, List<String> primaryKey, List<List<String>> unique) {
    /**
     * A column to make.
     *
     * @param defaultValue a number, text or Boolean; null where the default is NULL
     */
    public record Column(
            String name,
            ColumnType type,
            boolean nullable,
            @Nullable Object defaultValue) {}

    public TableDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        unique = List.copyOf(unique);
    }

    /** H2's statement for it, made of quoted names, types of {@link ColumnType} and literals alone. */
    String h2() {
        Stream<String> keys = Stream.concat(
                primaryKey.isEmpty() ? Stream.of() : Stream.of("PRIMARY KEY" + names(primaryKey)),
                unique.stream().map(key -> "UNIQUE" + names(key)));
        return "CREATE TABLE " + quoted(name)
                + Stream.concat(columns.stream().map(TableDefinition::h2), keys)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String h2(Column column) {
        Object value = column.defaultValue();
        String given = value == null ? "" : " DEFAULT " + (value instanceof String text ? literal(text) : value);
        return quoted(column.name()) + " " + column.type().h2() + given + (column.nullable() ? "" : " NOT NULL");
    }

    /** The names as a list in brackets. */
    static String names(List<String> columns) {
        return columns.stream().map(TableDefinition::quoted).collect(Collectors.joining(", ", "(", ")"));
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }
}
