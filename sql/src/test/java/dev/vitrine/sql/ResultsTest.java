package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results, parameters and failures as JDBC gives and takes them. */
class ResultsTest {
    @TempDir
    private static Path folder;

    private static Connection connection;

    @BeforeAll
    static void open() throws SQLException {
        SyntheticStore.write(folder);
        connection = DriverManager.getConnection("jdbc:vitrine:" + folder);
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @Test
    void aVectorIsAnArrayWithAndWithoutBoxes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select vector, pos from queries where run = 'alpha' and prompt = 1 and layer = 1 and head = 2")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getObject("vector", float[].class)).containsExactly(120f, 120.125f);
            assertThat(rows.getString(1)).isEqualTo("[120.0, 120.125]");
            Array array = (Array) rows.getObject(1);
            assertThat((Object[]) array.getArray()).containsExactly(120f, 120.125f);
            assertThat((Object[]) array.getArray(2, 1)).containsExactly(120.125f);
            assertThat(array.getBaseType()).isEqualTo(Types.REAL);
            assertThat(array.getBaseTypeName()).isEqualTo("REAL");
            try (ResultSet elements = array.getResultSet()) {
                assertThat(elements.next()).isTrue();
                assertThat(elements.getInt(1)).isEqualTo(1);
                assertThat(elements.getFloat(2)).isEqualTo(120f);
                assertThat(elements.next()).isTrue();
                assertThat(elements.getInt(1)).isEqualTo(2);
                assertThat(elements.getFloat(2)).isEqualTo(120.125f);
                assertThat(elements.next()).isFalse();
            }
            ResultSetMetaData columns = rows.getMetaData();
            assertThat(columns.getColumnTypeName(1)).isEqualTo("REAL ARRAY");
            assertThat(columns.getColumnType(1)).isEqualTo(Types.ARRAY);
            assertThat(columns.getColumnTypeName(2)).isEqualTo("INTEGER");
        }
    }

    @Test
    void columnsSayWhatTheyAre() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select a.layer as l, weight, weight * 2 as twice, p.text, q.vector,"
                                + " count(*) as n, cast(1.5 as decimal(5, 2)) as d from attention a join prompts p using (run, prompt)"
                                + " join queries q on q.run = a.run group by a.layer, weight, p.text, q.vector limit 1")) {
            ResultSetMetaData columns = rows.getMetaData();
            assertThat(described(columns))
                    .containsExactly(
                            "l = vitrine.attention.layer INTEGER(10, 0) not null, signed, 11 wide, java.lang.Integer",
                            "weight = vitrine.attention.weight REAL(7, 0) not null, signed, 15 wide, java.lang.Float",
                            "twice = ..twice REAL(7, 0) not null, signed, 15 wide, java.lang.Float",
                            "text = vitrine.prompts.text VARCHAR(2147483647, 0) not null, 2147483647 wide, java.lang.String",
                            "vector = vitrine.queries.vector REAL ARRAY(0, 0) not null, 2147483647 wide, java.sql.Array",
                            "n = ..n BIGINT(19, 0) not null, signed, 20 wide, java.lang.Long",
                            "d = ..d DECIMAL(5, 2) not null, signed, 7 wide, java.math.BigDecimal");
        }
    }

    private static List<String> described(ResultSetMetaData columns) throws SQLException {
        List<String> described = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            described.add(columns.getColumnLabel(i) + " = " + columns.getSchemaName(i) + "." + columns.getTableName(i)
                    + "." + columns.getColumnName(i) + " " + columns.getColumnTypeName(i) + "("
                    + columns.getPrecision(i) + ", " + columns.getScale(i) + ")"
                    + (columns.isNullable(i) == ResultSetMetaData.columnNoNulls ? " not null" : "")
                    + (columns.isSigned(i) ? ", signed" : "") + ", " + columns.getColumnDisplaySize(i) + " wide, "
                    + columns.getColumnClassName(i));
        }
        return described;
    }

    @Test
    void parametersAreCheckedAgainstTheirTypes() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select count(*) from tokens where run = ? and pos < ?")) {
            assertThat(statement.getParameterMetaData().getParameterTypeName(2)).isEqualTo("INTEGER");
            assertThatThrownBy(statement::executeQuery)
                    .hasMessage("parameter 1 of 2 is not set; expected a value or NULL");
            statement.setString(1, "alpha");
            statement.setLong(2, 3);
            assertThat(count(statement)).isEqualTo(4);
            statement.setObject(2, "2");
            assertThat(count(statement)).isEqualTo(3);
            statement.setNull(2, Types.INTEGER);
            assertThat(count(statement)).isZero();
            statement.setDouble(2, 1.5);
            assertThatThrownBy(statement::executeQuery)
                    .isInstanceOf(SQLException.class)
                    .hasMessage("parameter 2 is 1.5; expected INTEGER");
            statement.setString(2, "many");
            assertThatThrownBy(statement::executeQuery).hasMessage("parameter 2 is many; expected INTEGER");
        }
    }

    @Test
    void aVectorCanBeAParameter() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select dot(vector, ?) from queries where run = 'alpha' and prompt = 1 and layer = 0 and head = 1")) {
            for (Object vector : List.of(
                    new float[] {2, 8}, List.of(2, 8), connection.createArrayOf("REAL", new Object[] {2f, 8f}))) {
                statement.setObject(1, vector);
                try (ResultSet rows = statement.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getDouble(1)).isEqualTo(10 * 2 + 10.125 * 8);
                }
            }
            statement.setObject(1, new float[] {1});
            assertThatThrownBy(() -> count(statement))
                    .hasMessage("dot: the first vector has length 2, the second 1; expected equal lengths")
                    .hasCauseInstanceOf(VitrineException.class);
        }
        try (PreparedStatement statement = connection.prepareStatement("select count(*) from rollout(?, ?)")) {
            statement.setString(1, "alpha");
            statement.setInt(2, 1);
            assertThat(count(statement)).isEqualTo(2);
        }
    }

    @Test
    void aPreparedStatementSeesRunsThatCameAfterIt(@TempDir Path store) throws SQLException {
        SyntheticStore.write(store, "first", SyntheticStore.card("m", "decoder", 1, 1, 1, 1, 1, 1), List.of("a"));
        try (Connection own = DriverManager.getConnection("jdbc:vitrine:" + store);
                PreparedStatement statement = own.prepareStatement("select count(*) from tokens");
                PreparedStatement reading = own.prepareStatement("select run from tokens")) {
            assertThat(count(statement)).isEqualTo(1);
            try (ResultSet rows = reading.executeQuery()) {
                SyntheticStore.write(
                        store, "second", SyntheticStore.card("m", "decoder", 1, 1, 1, 1, 1, 1), List.of("a b"));
                assertThat(rows.next()).isTrue();
                assertThat(rows.next()).isFalse();
            }
            assertThat(count(statement)).isEqualTo(3);
        }
    }

    @Test
    void insertsRunInBatches() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table workspace.batched (x integer, v real array)");
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into workspace.batched values (?, ?)")) {
                for (int i = 0; i < 3; i++) {
                    insert.setInt(1, i);
                    insert.setObject(2, new float[] {i, 0.5f});
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
                insert.setInt(1, 9);
                insert.setNull(2, Types.ARRAY);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            statement.addBatch("delete from workspace.batched where x = 9");
            statement.addBatch("update workspace.batched set x = x + 10");
            assertThat(statement.executeBatch()).containsExactly(1, 3);
            try (ResultSet rows = statement.executeQuery("select sum(x), max(v[1]) from workspace.batched")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(33);
                assertThat(rows.getFloat(2)).isEqualTo(2f);
            }
            assertThat(statement.executeUpdate("drop table workspace.batched")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "selec 1 | 42000",
                "select 1 from | 42000",
                "select nothing from runs | 42S22",
                "select * from nothing | 42S02",
                "select dot(1, 2) | 42000",
                "select 1 / (prompts - prompts) from runs | 22012",
                "select cast(run as integer) from runs | 22018",
                "select l2_distance(array[1], array[1, 2]) | 22023",
                "select * from rollout('none', 0) | 42704",
                "delete from runs | 42501",
                "'' | 42000",
            })
    void aFailureHasItsStateAndItsCause(String sql, String state) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> {
                            try (ResultSet rows = statement.executeQuery(sql)) {
                                while (rows.next()) {
                                    rows.getObject(1);
                                }
                            }
                        })
                        .isInstanceOf(SQLException.class)
                        .hasCauseInstanceOf(VitrineException.class)
                        .satisfies(e ->
                                assertThat(((SQLException) e).getSQLState()).isEqualTo(state))
                        .satisfies(e -> assertThat(e).cause().hasMessage(e.getMessage()));
            }
        }
    }

    private static long count(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
