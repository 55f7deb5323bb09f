package dev.vitrine.examples.benchmarks.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * The same cells in DuckDB: attention with a row per cell, with the zeros above the diagonal ({@link Layout#DENSE}) or without, in a
 * table of DuckDB's own or in Parquet; queries and keys as arrays; tokens.
 */
final class DuckDbCopy {
    /** How DuckDB has the cells of attention. */
    enum Layout {
        DENSE,
        CAUSAL,
        PARQUET,
        /** Not at all. */
        NONE
    }

    private DuckDbCopy() {}

    /** Writes the database file unless it is there. */
    static void write(Connection vitrine, Path file, Layout layout, int tokens, int dHead) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = duckdb.createStatement()) {
            rows(vitrine, duckdb, "tokens", "prompt INTEGER, pos INTEGER, token VARCHAR", "prompt, pos, token");
            for (String table : new String[] {"queries", "keys"}) {
                vectors(vitrine, duckdb, table, dHead);
            }
            statement.execute(
                    "CREATE TABLE cells (prompt INTEGER, layer INTEGER, head INTEGER, query_pos INTEGER, key_pos"
                            + " INTEGER, weight FLOAT)");
            cells(vitrine, duckdb, layout == Layout.DENSE ? tokens : 0);
            if (layout == Layout.PARQUET) {
                Path parquet = file.resolveSibling("attention.parquet");
                statement.execute("COPY cells TO '" + parquet + "' (FORMAT parquet, COMPRESSION zstd)");
                statement.execute("DROP TABLE cells");
                statement.execute("CREATE VIEW attention AS SELECT * FROM '" + parquet + "'");
            } else {
                statement.execute("ALTER TABLE cells RENAME TO attention");
            }
            statement.execute("CHECKPOINT");
        }
    }

    private static void rows(Connection from, Connection to, String table, String definition, String columns)
            throws SQLException {
        try (Statement define = to.createStatement();
                Statement statement = from.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + columns + " FROM " + table)) {
            define.execute("CREATE TABLE " + table + " (" + definition + ")");
            int width = rows.getMetaData().getColumnCount();
            try (var appender = to.unwrap(DuckDBConnection.class).createAppender("main", table)) {
                while (rows.next()) {
                    appender.beginRow();
                    for (int i = 1; i <= width; i++) {
                        Object value = rows.getObject(i);
                        if (value instanceof Integer number) {
                            appender.append(number.intValue());
                        } else {
                            appender.append(String.valueOf(value));
                        }
                    }
                    appender.endRow();
                }
            }
        }
    }

    private static void vectors(Connection from, Connection to, String table, int dHead) throws SQLException {
        try (Statement statement = from.createStatement();
                Statement define = to.createStatement();
                ResultSet rows = statement.executeQuery("SELECT prompt, layer, head, pos, vector FROM " + table)) {
            define.execute("CREATE TABLE " + table
                    + " (prompt INTEGER, layer INTEGER, head INTEGER, pos INTEGER, vector FLOAT[" + dHead + "])");
            try (var appender = to.unwrap(DuckDBConnection.class).createAppender("main", table)) {
                while (rows.next()) {
                    appender.beginRow();
                    for (int i = 1; i <= 4; i++) {
                        appender.append(rows.getInt(i));
                    }
                    Object[] boxed = (Object[]) rows.getArray(5).getArray();
                    float[] vector = new float[boxed.length];
                    for (int i = 0; i < vector.length; i++) {
                        vector[i] = (Float) boxed[i];
                    }
                    appender.append(vector);
                    appender.endRow();
                }
            }
        }
    }

    /** @param dense tokens of a prompt where zeros are to be written, else 0 */
    private static void cells(Connection from, Connection to, int dense) throws SQLException {
        String sql = "SELECT prompt, layer, head, query_pos, key_pos, weight FROM attention";
        try (Statement statement = from.createStatement();
                ResultSet rows = statement.executeQuery(sql);
                var appender = to.unwrap(DuckDBConnection.class).createAppender("main", "cells")) {
            while (rows.next()) {
                int[] place = new int[5];
                for (int i = 0; i < 5; i++) {
                    place[i] = rows.getInt(i + 1);
                }
                append(appender, place, rows.getFloat(6));
                if (place[4] == place[3]) {
                    for (place[4]++; place[4] < dense; place[4]++) {
                        append(appender, place, 0);
                    }
                }
            }
        }
    }

    private static void append(org.duckdb.DuckDBAppender appender, int[] place, float weight) throws SQLException {
        appender.beginRow();
        for (int coordinate : place) {
            appender.append(coordinate);
        }
        appender.append(weight);
        appender.endRow();
    }
}
