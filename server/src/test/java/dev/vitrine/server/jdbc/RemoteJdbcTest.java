package dev.vitrine.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.server.TestServer;
import dev.vitrine.server.TestStore;
import dev.vitrine.server.query.QueryLimits;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Avatica's own driver against the server. */
class RemoteJdbcTest {
    private static TestServer server;

    private Connection connection;

    @BeforeAll
    static void start() {
        server = new TestServer(QueryLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        connection = DriverManager.getConnection(server.server().jdbcUrl() + ";avatica_password=" + TestServer.TOKEN);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    private ResultSet query(String sql) throws SQLException {
        return connection.createStatement().executeQuery(sql);
    }

    @Test
    void aVectorIsAnArrayOfFloat() throws Exception {
        String sql = "SELECT vector FROM keys WHERE prompt = 0 AND layer = 0 AND head = 0 AND pos < 3 ORDER BY pos";
        try (Connection embedded = DriverManager.getConnection("jdbc:vitrine:" + TestStore.folder());
                ResultSet expected = embedded.createStatement().executeQuery(sql);
                ResultSet rows = query(sql)) {
            assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.ARRAY);
            assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo("REAL ARRAY");
            for (int row = 0; row < 3; row++) {
                assertThat(rows.next()).isTrue();
                assertThat(expected.next()).isTrue();
                float[] vector = expected.getObject(1, float[].class);
                Object[] elements = (Object[]) rows.getArray(1).getArray();
                Object[] again = (Object[]) ((Array) rows.getObject(1)).getArray();
                assertThat(elements).hasSize(16).isEqualTo(again);
                for (int i = 0; i < 16; i++) {
                    assertThat(elements[i]).isEqualTo(vector[i]);
                }
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void nullNanAndInfinityArrive() throws Exception {
        try (ResultSet rows = query("SELECT CAST(NULL AS REAL) AS n, CAST('NaN' AS REAL) AS nan,"
                + " CAST('-Infinity' AS DOUBLE) AS inf, CAST(NULL AS VARCHAR) AS s, TRUE AS b")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getFloat(1)).isZero();
            assertThat(rows.wasNull()).isTrue();
            assertThat(rows.getFloat(2)).isNaN();
            assertThat(rows.getDouble(3)).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(rows.getString(4)).isNull();
            assertThat(rows.getBoolean(5)).isTrue();
        }
    }

    @Test
    void aTimestampKeepsItsInstant() throws Exception {
        try (Connection embedded = DriverManager.getConnection("jdbc:vitrine:" + TestStore.folder());
                ResultSet expected = embedded.createStatement().executeQuery("SELECT created_at FROM runs");
                ResultSet rows = query("SELECT created_at FROM runs")) {
            assertThat(rows.next()).isTrue();
            assertThat(expected.next()).isTrue();
            Timestamp time = rows.getTimestamp(1);
            assertThat(time).isEqualTo(expected.getTimestamp(1));
        }
    }

    @Test
    void aLongResultIsFetchedFrameByFrame() throws Exception {
        try (ResultSet rows = query("SELECT query_pos, key_pos, weight FROM attention")) {
            int count = 0;
            double sum = 0;
            while (rows.next()) {
                count++;
                sum += rows.getFloat("weight");
            }
            assertThat(count).isEqualTo(TestStore.ATTENTION_ROWS);
            // 5 prompts, 2 layers, 4 heads and 40 queries, whose weights sum to 1 each.
            assertThat(sum).isCloseTo(1600, within(1e-3));
        }
    }

    @Test
    void aResultCanBeLeftEarlyAndItsStatementUsedAgain() throws Exception {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT weight FROM attention")) {
                assertThat(rows.next()).isTrue();
            }
            try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM attention")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(TestStore.ATTENTION_ROWS);
            }
        }
    }

    @Test
    void twoResultsAreReadAtOnce() throws Exception {
        try (ResultSet a = query("SELECT key_pos FROM attention");
                ResultSet b = query("SELECT key_pos FROM attention")) {
            for (int i = 0; i < 12_000; i++) {
                assertThat(a.next() && b.next()).isTrue();
                assertThat(a.getInt(1)).isEqualTo(b.getInt(1));
            }
        }
    }

    @Test
    void maxRowsOfAStatementIsKept() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(7);
            try (ResultSet rows = statement.executeQuery("SELECT weight FROM attention")) {
                int count = 0;
                while (rows.next()) {
                    count++;
                }
                assertThat(count).isEqualTo(7);
            }
        }
    }

    @Test
    void aPreparedStatementTakesParametersAgainAndAgain() throws Exception {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pos, token FROM tokens WHERE prompt = ? AND pos > ? LIMIT ?")) {
            assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(3);
            ResultSetMetaData columns = statement.getMetaData();
            assertThat(columns.getColumnName(2)).isEqualTo("token");
            assertThat(columns.getColumnTypeName(1)).isEqualTo("INTEGER");
            for (int prompt = 0; prompt < 3; prompt++) {
                statement.setInt(1, prompt);
                statement.setInt(2, 35);
                statement.setInt(3, prompt + 1);
                try (ResultSet rows = statement.executeQuery()) {
                    int count = 0;
                    while (rows.next()) {
                        assertThat(rows.getInt(1)).isGreaterThan(35);
                        count++;
                    }
                    assertThat(count).isEqualTo(prompt + 1);
                }
            }
        }
    }

    @Test
    void aVectorIsAParameterToo() throws Exception {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT dot(CAST(? AS REAL ARRAY), CAST(? AS REAL ARRAY))")) {
            statement.setArray(1, connection.createArrayOf("REAL", new Float[] {1f, 2f, 3f}));
            statement.setArray(2, connection.createArrayOf("REAL", new Float[] {0.5f, 0f, -1f}));
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getDouble(1)).isEqualTo(-2.5);
            }
        }
    }

    @Test
    void tableFunctionsRun() throws Exception {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT SUM(weight) FROM TABLE(rollout('rrt', 0)) WHERE layer = ?")) {
            statement.setInt(1, 1);
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getDouble(1)).isCloseTo(40, within(1e-3));
            }
        }
    }

    @Test
    void whatClientsDoByHabitIsTaken() throws Exception {
        connection.setAutoCommit(false);
        assertThat(connection.getAutoCommit()).isTrue();
        connection.commit();
        connection.rollback();
        connection.setReadOnly(false);
        assertThat(connection.isReadOnly()).isTrue();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_NONE);
        assertThat(connection.getSchema()).isEqualTo("vitrine");
        assertThat(connection.isValid(1)).isTrue();
    }

    @Test
    void aFailureHasItsSqlstateAndItsPlace() {
        assertThatThrownBy(() -> query("SELECT *\nFROM nothing")).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getSQLState()).isEqualTo("42S02");
            assertThat(e.getMessage()).contains("line 2, column 6").contains("'nothing' not found");
        });
        assertThatThrownBy(() -> connection.prepareStatement("SELECT nope FROM tokens"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42S22"));
        assertThatThrownBy(() -> query("SELECT 1 / (pos - pos) FROM tokens"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));
    }
}
