package dev.vitrine.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.sql.Database;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.AvaticaSqlException;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a remote client must not be able to do. */
class RemoteJdbcSafetyTest {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(new QueryLimits(DEADLINE, 20_000, 1 << 20, 8, 32, 1000));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(server.server().jdbcUrl() + ";avatica_password=" + TestServer.TOKEN);
    }

    private static Properties token() {
        Properties properties = new Properties();
        properties.setProperty("avatica_password", TestServer.TOKEN);
        return properties;
    }

    /** With Avatica's own server side each of these changes the server's connection, or makes it open a file. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "model | /nowhere/model.json",
                "model | inline:{\"version\":\"1.0\",\"schemas\":[]}",
                "fun | oracle",
                "parserFactory | org.apache.calcite.sql.parser.impl.SqlParserImpl#FACTORY",
                "parserFactory | no.such.Class#FACTORY",
                "schemaFactory | org.apache.calcite.adapter.java.ReflectiveSchema$Factory",
                "schema.class | java.lang.String",
                "lex | MYSQL",
                "caseSensitive | true",
                "typeSystem | no.such.TypeSystem",
                "metaTableFactory | no.such.Factory",
                "readonly | false"
            })
    void aConnectionPropertyOfTheClientChangesNothing(String name, String value) throws Exception {
        Properties properties = token();
        properties.setProperty(name, value);
        try (Connection connection = DriverManager.getConnection(server.server().jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT Run, Layer FROM HEADS GROUP BY Run, Layer ORDER BY 2")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("rrt");
            }
            assertThatThrownBy(() -> statement.executeQuery("SELECT NVL(1, 2)"))
                    .hasMessageContaining("No match found for function signature NVL");
            assertThatThrownBy(() -> statement.executeQuery("SELECT `run` FROM heads"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.executeUpdate("CREATE TABLE workspace.x (a INTEGER)"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE workspace.x (a INTEGER)",
                "DROP TABLE workspace.x",
                "INSERT INTO workspace.x VALUES (1)",
                "DELETE FROM runs"
            })
    void nothingIsWritten(String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            statement.addBatch(sql);
            assertThatThrownBy(statement::executeBatch).hasMessageContaining("over the network SQL reads only");
        }
    }

    @Test
    void anotherPasswordIsRefusedWithItsSqlstate() {
        assertThatThrownBy(() -> DriverManager.getConnection(
                        server.server().jdbcUrl() + ";avatica_password=wrong-token-0123456789"))
                .hasMessageContaining("the password is not the token that this server was started with")
                .isInstanceOfSatisfying(
                        AvaticaClientRuntimeException.class,
                        e -> assertThat(e.getSqlState()).isEqualTo("28000"));
    }

    @Test
    void noPasswordIsRefused() {
        assertThatThrownBy(() -> DriverManager.getConnection(server.server().jdbcUrl()))
                .hasMessageContaining("HTTP/401");
    }

    @Test
    void jsonIsRefusedInJson() {
        String url = server.server().jdbcUrl().replace("protobuf", "json") + ";avatica_password=" + TestServer.TOKEN;
        assertThatThrownBy(() -> DriverManager.getConnection(url))
                .hasMessageContaining(
                        "serialization JSON is not served; expected ;serialization=protobuf in the JDBC URL");
    }

    @Test
    void aFailureCarriesNoStackOfTheServer() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nothing"))
                    .isInstanceOfSatisfying(
                            AvaticaSqlException.class,
                            e -> assertThat(e.getStackTraces())
                                    .allSatisfy(trace -> assertThat(trace)
                                            .doesNotContain("\tat ")
                                            .doesNotContain("Caused by")));
        }
    }

    @Test
    void bytesThatAreNoRequestAreRefused() throws Exception {
        for (String body : List.of("", "nonsense", "\u0001\u0002\u0003")) {
            HttpResponse<byte[]> response =
                    server.send(server.request("/avatica").POST(BodyPublishers.ofString(body)));
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(TestServer.text(response)).doesNotContain("\tat ");
        }
    }

    @Test
    void theDeadlineEndsAStatement() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> statement.executeQuery(TestServer.ENDLESS))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"))
                    .hasMessageContaining("the query ran longer than its limit of 3000 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DEADLINE.multipliedBy(4));
        }
    }

    @Test
    void aStatementIsAQueryThatCanBeDeleted() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Integer> deleted = CompletableFuture.supplyAsync(RemoteJdbcSafetyTest::deleteTheQuery);
            assertThatThrownBy(() -> statement.executeQuery(TestServer.ENDLESS)).hasMessageContaining("was cancelled");
            assertThat(deleted.get()).isEqualTo(204);
        }
    }

    private static int deleteTheQuery() {
        try {
            while (true) {
                var queries = TestServer.tree(server.send(server.request("/v1/queries")))
                        .get("queries");
                if (!queries.isEmpty()) {
                    String id = queries.get(0).get("query_id").textValue();
                    return server.send(server.request("/v1/queries/" + id).DELETE())
                            .statusCode();
                }
                Thread.sleep(20);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aResultBeyondTheRowLimitFails() throws Exception {
        try (Connection connection = connect();
                ResultSet rows = connection.createStatement().executeQuery("SELECT key_pos FROM attention")) {
            assertThatThrownBy(() -> {
                        while (rows.next()) {
                            rows.getInt(1);
                        }
                    })
                    .hasMessageContaining("the result has more than 20000 rows, the limit");
        }
    }

    @Test
    void aLongStatementIsRefused() throws Exception {
        try (Connection connection = connect()) {
            String sql = "SELECT 1 --" + "x".repeat(1000);
            assertThatThrownBy(() -> connection.createStatement().executeQuery(sql))
                    .hasMessageContaining("the statement has 1011 characters; expected at most 1000");
            assertThatThrownBy(() -> connection.prepareStatement(sql))
                    .satisfies(e -> assertThat(serverMessages(e))
                            .contains("the statement has 1011 characters; expected at most 1000"));
        }
    }

    @Test
    void connectionsAndStatementsAreCounted() throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < Sessions.MAX_CONNECTIONS; i++) {
                connections.add(connect());
            }
            assertThatThrownBy(RemoteJdbcSafetyTest::connect)
                    .hasMessageContaining("25 connections are open, the limit; expected one to be closed first");
            connections.remove(0).close();
            connections.add(connect());
            Connection last = connections.get(0);
            for (int i = 0; i < 100; i++) {
                last.prepareStatement("SELECT 1");
            }
            assertThatThrownBy(() -> last.prepareStatement("SELECT 1"))
                    .satisfies(e -> assertThat(serverMessages(e))
                            .contains("the connection has 100 open statements, the limit"));
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** The client leaves these out of the message of a statement that cannot be prepared. */
    private static String serverMessages(Throwable thrown) {
        return String.join("\n", ((AvaticaSqlException) thrown).getStackTraces());
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (Database database = Database.open(dev.vitrine.server.TestStore.folder(), false);
                Sessions sessions = new Sessions(database, 1, Duration.ofMillis(50))) {
            sessions.open("a");
            assertThat(sessions.session("a").connection().isClosed()).isFalse();
            Connection connection = sessions.session("a").connection();
            Thread.sleep(100);
            sessions.open("b");
            assertThat(connection.isClosed()).isTrue();
            assertThatThrownBy(() -> sessions.session("a"))
                    .isInstanceOf(NoSuchConnectionException.class)
                    .hasMessage("connection 'a' is not open; one that is idle for 0 minutes is closed");
        }
    }
}
