package dev.vitrine.sql.tensor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The same store three times: fused, through Calcite's own operators, and copied into DuckDB. */
final class Oracles implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "attention",
            "queries",
            "keys",
            "value_vectors",
            "hidden_states",
            "neurons",
            "tokens",
            "prompts",
            "prompt_labels");

    private final Connection vitrine;
    private final Connection unfused;
    private final Connection duckdb;

    Oracles(Path store) throws SQLException {
        vitrine = DriverManager.getConnection("jdbc:vitrine:" + store);
        unfused = DriverManager.getConnection("jdbc:vitrine:" + store + "/");
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
        for (String table : TABLES) {
            copy(table);
        }
    }

    private void copy(String table) throws SQLException {
        try (Statement from = unfused.createStatement();
                ResultSet rows = unfused(from, "SELECT * FROM " + table);
                Statement to = duckdb.createStatement()) {
            ResultSetMetaData columns = rows.getMetaData();
            StringBuilder definition = new StringBuilder();
            StringBuilder values = new StringBuilder();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                String type = columns.getColumnTypeName(i).replace(" NOT NULL", "");
                type = type.contains("ARRAY") ? "FLOAT[]" : type.equals("REAL") ? "FLOAT" : type;
                definition
                        .append(i == 1 ? "" : ", ")
                        .append(columns.getColumnLabel(i))
                        .append(' ')
                        .append(type);
                values.append(i == 1 ? "?" : ", ?");
            }
            to.execute("CREATE TABLE " + table + " (" + definition + ")");
            try (PreparedStatement insert =
                    duckdb.prepareStatement("INSERT INTO " + table + " VALUES (" + values + ")")) {
                while (rows.next()) {
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        Object value = rows.getObject(i);
                        if (value instanceof java.sql.Array array) {
                            insert.setObject(i, duckdb.createArrayOf("FLOAT", (Object[]) array.getArray()));
                        } else {
                            insert.setObject(i, value);
                        }
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    private static ResultSet unfused(Statement statement, String sql) throws SQLException {
        System.setProperty("vitrine.fusion", "off");
        try {
            return statement.executeQuery(sql);
        } finally {
            System.clearProperty("vitrine.fusion");
        }
    }

    Answer fused(String sql) throws SQLException {
        return Answer.of(vitrine, sql);
    }

    Answer unfused(String sql) throws SQLException {
        System.setProperty("vitrine.fusion", "off");
        try {
            return Answer.of(unfused, sql);
        } finally {
            System.clearProperty("vitrine.fusion");
        }
    }

    Answer duckdb(String sql) throws SQLException {
        return Answer.of(duckdb, sql);
    }

    @Override
    public void close() throws SQLException {
        vitrine.close();
        unfused.close();
        duckdb.close();
    }
}
