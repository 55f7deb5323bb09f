package dev.vitrine.sql.tensor;

import dev.vitrine.sql.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The same store three times: fused, through Calcite's own operators, and copied into DuckDB. Two databases, because one keeps the plans
 * it has made. Queries may run on several threads at once.
 */
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
            "prompt_labels",
            "heads");

    private static final List<String> FUNCTIONS = List.of(
            "dot(a, b) AS list_dot_product(a::DOUBLE[], b::DOUBLE[])",
            "l2_norm(a) AS SQRT(dot(a, a))",
            "l2_distance(a, b) AS list_distance(a::DOUBLE[], b::DOUBLE[])",
            "cosine_similarity(a, b) AS CASE WHEN dot(a, a) > 0 AND dot(b, b) > 0 THEN dot(a, b) / SQRT(dot(a, a)) /"
                    + " SQRT(dot(b, b)) END");

    private final Database fused;
    private final Database unfused;
    private final DuckDBConnection duckdb;

    Oracles(Path store) throws SQLException {
        this(store, List.of());
    }

    /** @param workspace statements that make in DuckDB what the store's workspace has */
    Oracles(Path store, List<String> workspace) throws SQLException {
        fused = Database.open(store, false);
        unfused = Database.open(store, false);
        duckdb = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SET threads = 1");
            statement.execute("SET integer_division = true");
            statement.execute("CREATE SCHEMA workspace");
            for (String sql : workspace) {
                statement.execute(sql);
            }
            for (String function : FUNCTIONS) {
                statement.execute("CREATE MACRO " + function);
            }
        }
        for (String table : TABLES) {
            copy(table);
        }
    }

    /** Does something that fails in its own way. */
    interface Work {
        void run() throws SQLException, InterruptedException;
    }

    /** Has plans made without fusion meanwhile, on all threads. */
    static void withoutFusion(Work work) throws SQLException, InterruptedException {
        System.setProperty("vitrine.fusion", "off");
        try {
            work.run();
        } finally {
            System.clearProperty("vitrine.fusion");
        }
    }

    private void copy(String table) throws SQLException {
        try (Connection connection = unfused.connect(true);
                Statement from = connection.createStatement();
                ResultSet rows = from.executeQuery("SELECT * FROM " + table);
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

    Answer fused(String sql) throws SQLException {
        return vitrine(fused, sql);
    }

    /** A prepared statement's answer, fused. */
    Answer fused(String sql, List<? extends @Nullable Object> parameters) throws SQLException {
        try (Connection connection = fused.connect(true)) {
            return Answer.of(connection, sql, parameters);
        }
    }

    /** To be called within {@link #withoutFusion}. */
    Answer unfused(String sql) throws SQLException {
        return vitrine(unfused, sql);
    }

    private static Answer vitrine(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect(true)) {
            return Answer.of(connection, sql);
        }
    }

    /** DuckDB's answer; null where its binder fails, as DuckDB 2.0's does on some CASE without ELSE that is compared with a text. */
    @Nullable
    Answer duckdb(String sql) throws SQLException {
        try (Connection connection = duckdb.duplicate()) {
            return Answer.of(connection, sql);
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).contains("BindBuiltinScalarFunction did not return")) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        fused.close();
        unfused.close();
        duckdb.close();
    }
}
