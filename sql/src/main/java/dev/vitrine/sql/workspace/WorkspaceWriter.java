package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every change of a workspace. Values come as Calcite's rows and go to H2 as parameters; each call is one transaction. Names are matched
 * in any case.
 */
public final class WorkspaceWriter {
    private static final int BATCH = 1000;

    private final Workspace workspace;

    /** Writes to that workspace, which becomes this process's at the first call. */
    public WorkspaceWriter(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Makes a table; {@code ALREADY_EXISTS} where there is a table or view of that name. */
    public void createTable(TableDefinition table) {
        workspace.write(session -> {
            requireFree(table.name());
            execute(session, table.h2());
            return 0;
        });
    }

    /** Makes a table of these rows and gives their number; no table is left where the rows end in an error. */
    public long createTable(TableDefinition table, Iterator<@Nullable Object[]> rows) {
        return workspace.write(session -> {
            requireFree(table.name());
            execute(session, table.h2());
            boolean filled = false;
            try {
                List<String> columns = table.columns().stream()
                        .map(TableDefinition.Column::name)
                        .toList();
                List<ColumnType> types = table.columns().stream()
                        .map(TableDefinition.Column::type)
                        .toList();
                long count = insert(session, table.name(), columns, types, rows);
                filled = true;
                return count;
            } finally {
                if (!filled) {
                    session.rollback();
                    execute(session, "DROP TABLE " + TableDefinition.quoted(table.name()));
                }
            }
        });
    }

    /** Saves a query under a name; {@code ALREADY_EXISTS} where there is a table or view of that name. */
    public void createView(String name, String query) {
        workspace.write(session -> {
            requireFree(name);
            try (PreparedStatement insert = session.prepareStatement("INSERT INTO \"saved\".\"views\" VALUES (?, ?)")) {
                insert.setString(1, name);
                insert.setString(2, query);
                return insert.executeUpdate();
            }
        });
    }

    /** Removes a table; {@code NOT_FOUND} where there is none. */
    public void dropTable(String name) {
        workspace.write(session -> {
            execute(session, "DROP TABLE " + TableDefinition.quoted(table(name).name()));
            return 0;
        });
    }

    /** Removes a saved query; {@code NOT_FOUND} where there is none. */
    public void dropView(String name) {
        workspace.write(session -> {
            try (PreparedStatement delete =
                    session.prepareStatement("DELETE FROM \"saved\".\"views\" WHERE \"name\" = ?")) {
                delete.setString(1, name);
                if (delete.executeUpdate() == 0) {
                    throw notFound("view", name);
                }
                return 0;
            }
        });
    }

    /** Adds rows, whose values are those of these columns, and gives their number. */
    public long insert(String table, List<String> columns, Iterator<@Nullable Object[]> rows) {
        return workspace.write(session -> insert(session, table(table).name(), columns, types(table, columns), rows));
    }

    /** Changes rows, each given as its row number followed by the new values of these columns, and gives their number. */
    public long update(String table, List<String> columns, Iterator<@Nullable Object[]> rows) {
        String sql = "UPDATE " + TableDefinition.quoted(table(table).name()) + " SET "
                + columns.stream()
                        .map(column -> TableDefinition.quoted(column) + " = ?")
                        .collect(Collectors.joining(", "))
                + " WHERE _ROWID_ = ?";
        List<ColumnType> types = types(table, columns);
        return workspace.write(session -> batch(session, sql, rows, (row, statement) -> {
            for (int i = 0; i < types.size(); i++) {
                statement.setObject(i + 1, H2Values.write(row[i + 1], types.get(i)));
            }
            statement.setObject(types.size() + 1, row[0]);
        }));
    }

    /** Removes rows, each given as its row number, and gives their number. */
    public long delete(String table, Iterator<@Nullable Object[]> rows) {
        String sql = "DELETE FROM " + TableDefinition.quoted(table(table).name()) + " WHERE _ROWID_ = ?";
        return workspace.write(
                session -> batch(session, sql, rows, (row, statement) -> statement.setObject(1, row[0])));
    }

    private long insert(
            Connection session,
            String table,
            List<String> columns,
            List<ColumnType> types,
            Iterator<@Nullable Object[]> rows)
            throws SQLException {
        String sql = "INSERT INTO " + TableDefinition.quoted(table) + " " + TableDefinition.names(columns) + " VALUES "
                + Collections.nCopies(columns.size(), "?").stream().collect(Collectors.joining(", ", "(", ")"));
        return batch(session, sql, rows, (row, statement) -> {
            for (int i = 0; i < types.size(); i++) {
                statement.setObject(i + 1, H2Values.write(row[i], types.get(i)));
            }
        });
    }

    /** Sets the parameters of a statement from a row. */
    private interface Binding {
        void bind(@Nullable Object[] row, PreparedStatement statement) throws SQLException;
    }

    private static long batch(Connection session, String sql, Iterator<@Nullable Object[]> rows, Binding binding)
            throws SQLException {
        long count = 0;
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            while (rows.hasNext()) {
                binding.bind(rows.next(), statement);
                statement.addBatch();
                if (++count % BATCH == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        }
        return count;
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private void requireFree(String name) {
        WorkspaceContents contents = workspace.contents();
        boolean taken = contents.tables().stream()
                        .anyMatch(table -> table.name().equalsIgnoreCase(name))
                || contents.views().stream().anyMatch(view -> view.name().equalsIgnoreCase(name));
        if (taken) {
            throw new VitrineException(
                    ErrorCode.ALREADY_EXISTS, "workspace." + name + " is there already; expected a new name");
        }
    }

    private WorkspaceContents.Table table(String name) {
        return workspace.contents().tables().stream()
                .filter(table -> table.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> notFound("table", name));
    }

    private List<ColumnType> types(String table, List<String> columns) {
        List<WorkspaceContents.Column> all = table(table).columns();
        return columns.stream()
                .map(name -> all.stream()
                        .filter(column -> column.name().equalsIgnoreCase(name))
                        .map(column -> ColumnType.ofH2(column.type()))
                        .findFirst()
                        .orElseThrow(() -> notFound("column " + name + " of table", table)))
                .toList();
    }

    private VitrineException notFound(String what, String name) {
        WorkspaceContents contents = workspace.contents();
        return new VitrineException(
                ErrorCode.NOT_FOUND,
                what + " workspace." + name + " is not there; the workspace has tables "
                        + contents.tables().stream()
                                .map(WorkspaceContents.Table::name)
                                .toList() + " and views "
                        + contents.views().stream()
                                .map(WorkspaceContents.View::name)
                                .toList());
    }
}
