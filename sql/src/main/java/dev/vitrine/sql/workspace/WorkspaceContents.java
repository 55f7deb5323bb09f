package dev.vitrine.sql.workspace;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The names and types in a workspace at one moment.
 *
 * @param tables the analyst's tables, by name
 * @param views the saved queries, by name
 */
public record WorkspaceContents(List<Table> tables, List<View> views) {
    static final WorkspaceContents EMPTY = new WorkspaceContents(List.of(), List.of());

    /**
     * A table.
     *
     * @param columns in order
     * @param rows how many there are
     */
    public record Table(String name, List<Column> columns, long rows) {
        public Table {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of a table.
     *
     * @param type as SQL, e.g. {@code CHARACTER VARYING(20)} or {@code REAL ARRAY}
     */
    public record Column(String name, String type, boolean nullable) {}

    /**
     * A saved query.
     *
     * @param query its SQL, as it was written
     */
    public record View(String name, String query) {}

    public WorkspaceContents {
        tables = List.copyOf(tables);
        views = List.copyOf(views);
    }

    /** Makes a new database ready. Views stand in a table, because H2 cannot plan a query over Vitrine's own tables. */
    static void prepare(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS \"saved\"");
            statement.execute("CREATE TABLE IF NOT EXISTS \"saved\".\"views\""
                    + "(\"name\" VARCHAR_IGNORECASE PRIMARY KEY, \"query\" VARCHAR NOT NULL)");
        }
    }

    static WorkspaceContents read(Connection session) throws SQLException {
        return new WorkspaceContents(tables(session), views(session));
    }

    private static List<Table> tables(Connection session) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("SELECT TABLE_NAME, ROW_COUNT_ESTIMATE FROM"
                        + " INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC' AND TABLE_TYPE = 'BASE TABLE'"
                        + " ORDER BY TABLE_NAME")) {
            while (rows.next()) {
                String name = rows.getString(1);
                tables.add(new Table(name, columns(session, name), rows.getLong(2)));
            }
        }
        return tables;
    }

    private static List<Column> columns(Connection session, String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = session.prepareStatement("SELECT COLUMN_NAME,"
                + " DATA_TYPE_SQL(TABLE_SCHEMA, TABLE_NAME, 'TABLE', DTD_IDENTIFIER), IS_NULLABLE"
                + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'PUBLIC' AND TABLE_NAME = ?"
                + " ORDER BY ORDINAL_POSITION")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new Column(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3).equals("YES")));
                }
            }
        }
        return columns;
    }

    private static List<View> views(Connection session) throws SQLException {
        List<View> views = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT \"name\", \"query\" FROM \"saved\".\"views\" ORDER BY 1")) {
            while (rows.next()) {
                views.add(new View(rows.getString(1), rows.getString(2)));
            }
        }
        return views;
    }
}
