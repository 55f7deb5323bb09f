package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connecting, and what a connection says of itself and its database. */
class DriverTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void write() {
        SyntheticStore.write(folder);
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    @Test
    void aUrlNamesAStoreAndNothingElse() throws SQLException {
        Properties model = new Properties();
        model.setProperty("model", "inline:{}");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:" + folder, model))
                .isInstanceOf(SQLException.class)
                .hasMessage("property 'model' of jdbc:vitrine:" + folder + " is not known; expected readonly")
                .hasCauseInstanceOf(VitrineException.class)
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("22023");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:" + folder + "?fun=oracle"))
                .hasMessage("property 'fun' of jdbc:vitrine:" + folder + "?fun=oracle is not known; expected readonly");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:" + folder + "?readonly=maybe"))
                .hasMessageEndingWith("is 'maybe'; expected true or false");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:" + folder + "?readonly"))
                .hasMessage("URL property 'readonly' has no value; expected readonly=true");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:"))
                .hasMessage("jdbc:vitrine: names no store; expected jdbc:vitrine:/path/to/store");
        try (Connection connection =
                DriverManager.getConnection("jdbc:vitrine:" + folder + "?readonly=true", "analyst", "secret")) {
            assertThat(connection.isReadOnly()).isTrue();
        }
        assertThat(new VitrineDriver().connect("jdbc:other:" + folder, new Properties()))
                .isNull();
    }

    @Test
    void whatIsNotAStoreIsSaidSo(@TempDir Path other) throws Exception {
        Path file = Files.createFile(other.resolve("file"));
        for (Path path : List.of(other, file, other.resolve("nothing"))) {
            assertThatThrownBy(() -> DriverManager.getConnection("jdbc:vitrine:" + path))
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("store " + path + ":")
                    .cause()
                    .isInstanceOfSatisfying(
                            VitrineException.class,
                            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void everyStatementCommitsByItself() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(connection.getAutoCommit()).isTrue();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.executeQuery("select 1").close();
            connection.rollback();
            statement.execute("create table workspace.kept (x integer)");
            assertThatThrownBy(connection::rollback)
                    .isInstanceOf(SQLException.class)
                    .hasMessage("rollback is not possible: each statement commits the workspace by itself");
            connection.commit();
            connection.rollback();
            statement.execute("drop table workspace.kept;");
        }
    }

    @Test
    void aConnectionOpenedToReadStaysSo() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + folder + "?readonly=true");
                Statement statement = connection.createStatement()) {
            connection.setReadOnly(false);
            assertThat(connection.isReadOnly()).isTrue();
            assertThatThrownBy(() -> statement.execute("create table workspace.t (x integer)"))
                    .hasMessage("CREATE is not possible: this connection only reads")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("42501");
        }
        try (Connection connection = connect()) {
            assertThat(connection.isReadOnly()).isFalse();
            connection.setReadOnly(true);
            assertThatThrownBy(() -> connection.prepareStatement("insert into workspace.t values (1)"))
                    .hasMessage("INSERT is not possible: this connection only reads");
        }
    }

    @Test
    void theCatalogueListsTablesColumnsAndKeys() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table workspace.mine (x integer not null, v real array)");
            statement.execute("create view workspace.saved as select run from runs");
            DatabaseMetaData metaData = connection.getMetaData();
            assertThat(strings(metaData.getSchemas(), "TABLE_SCHEM")).containsExactly("vitrine", "workspace");
            assertThat(strings(metaData.getTables(null, "vitrine", "%", null), "TABLE_NAME"))
                    .containsExactly(
                            "attention",
                            "heads",
                            "hidden_states",
                            "keys",
                            "logits",
                            "models",
                            "neurons",
                            "prompt_labels",
                            "prompts",
                            "queries",
                            "runs",
                            "tokens",
                            "value_vectors",
                            "vocabulary",
                            "weights");
            assertThat(strings(metaData.getTables(null, "work%", null, new String[] {"TABLE"}), "TABLE_NAME"))
                    .containsExactly("mine");
            assertThat(strings(metaData.getTables(null, null, null, new String[] {"VIEW"}), "TABLE_NAME"))
                    .containsExactly("saved");
            assertThat(strings(metaData.getColumns(null, null, "mine", null), "TYPE_NAME"))
                    .containsExactly("INTEGER", "REAL ARRAY");
            assertThat(strings(metaData.getColumns(null, null, "mine", null), "IS_NULLABLE"))
                    .containsExactly("NO", "YES");
            assertThat(strings(metaData.getColumns(null, "vitrine", "queries", null), "COLUMN_NAME"))
                    .containsExactly("run", "prompt", "layer", "head", "pos", "vector");
            assertThat(strings(metaData.getColumns(null, null, "prompt\\_labels", "l%"), "COLUMN_NAME"))
                    .containsExactly("label");
            assertThat(strings(metaData.getColumns(null, null, "saved", null), "COLUMN_NAME"))
                    .containsExactly("run");
            assertThat(strings(metaData.getPrimaryKeys(null, "vitrine", "tokens"), "COLUMN_NAME"))
                    .containsExactly("run", "prompt", "pos");
            assertThat(strings(metaData.getTypeInfo(), "TYPE_NAME"))
                    .contains("REAL", "REAL ARRAY")
                    .doesNotContain("ANY");
            assertThat(strings(metaData.getTableTypes(), "TABLE_TYPE")).containsExactly("TABLE", "VIEW");
            statement.execute("drop table workspace.mine");
            statement.execute("drop view workspace.saved");
        }
    }

    @Test
    void theCatalogueListsFunctionsWithTheirArguments() throws SQLException {
        try (Connection connection = connect()) {
            DatabaseMetaData metaData = connection.getMetaData();
            assertThat(strings(metaData.getFunctions(null, null, "l2%"), "FUNCTION_NAME"))
                    .containsExactly("l2_distance", "l2_norm");
            assertThat(strings(metaData.getFunctions(null, null, "dot"), "REMARKS"))
                    .containsExactly(
                            "dot(a REAL ARRAY, b REAL ARRAY) → DOUBLE: Dot product; 0 for empty vectors, NaN where an"
                                    + " element is NaN.");
            assertThat(strings(metaData.getFunctionColumns(null, null, "rollout", null), "COLUMN_NAME"))
                    .containsExactly("run", "prompt", "layer", "query_pos", "key_pos", "weight");
        }
    }

    @Test
    void theDatabaseSaysWhoItIs() throws SQLException {
        try (Connection connection = connect()) {
            DatabaseMetaData metaData = connection.getMetaData();
            assertThat(metaData.getDatabaseProductName()).isEqualTo("Vitrine");
            assertThat(metaData.getDriverName()).isEqualTo("Vitrine JDBC driver");
            assertThat(metaData.getURL()).isEqualTo("jdbc:vitrine:" + folder);
            assertThat(connection.getSchema()).isEqualTo("vitrine");
            assertThat(connection.getCatalog()).isNull();
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    private static List<String> strings(ResultSet rows, String column) throws SQLException {
        List<String> values = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                values.add(rows.getString(column));
            }
        }
        return values;
    }
}
