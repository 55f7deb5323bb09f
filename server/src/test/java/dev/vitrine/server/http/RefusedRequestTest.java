package dev.vitrine.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What never becomes a query. Every refusal is {@code application/problem+json} and names subject, value and expectation. */
class RefusedRequestTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(QueryLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode problem(HttpResponse<byte[]> response, int status) throws Exception {
        assertThat(response.statusCode()).as(TestServer.text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = TestServer.tree(response);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").textValue()).isNotBlank();
        return problem;
    }

    private static String detail(HttpResponse<byte[]> response, int status) throws Exception {
        return problem(response, status).get("detail").textValue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/sql", "/v1/catalog", "/v1/queries", "/v1/queries/x", "/avatica", "/", "/v1/health/", "/none"
            })
    void nothingButHealthIsServedWithoutTheToken(String path) throws Exception {
        HttpResponse<byte[]> response =
                server.send(HttpRequest.newBuilder(URI.create(server.server().url() + path))
                        .POST(BodyPublishers.ofString("SELECT 1")));
        assertThat(detail(response, 401))
                .isEqualTo("no token; expected Authorization: Bearer TOKEN, or Basic with the token as password");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"vitrine\", charset=\"UTF-8\"");
    }

    @Test
    void healthIsServedWithoutTheToken() throws Exception {
        HttpResponse<byte[]> response =
                server.send(HttpRequest.newBuilder(URI.create(server.server().url() + "/v1/health")));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestServer.text(response)).isEqualTo("{\"status\":\"ok\"}");
        assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong-token-0123456789",
                "Bearer",
                "Bearer test-token-01234567890",
                "Basic !!",
                "Basic dGVzdC10b2tlbi0wMTIzNDU2Nzg5Og==",
                "Digest test-token-0123456789"
            })
    void anotherTokenIsRefused(String authorization) throws Exception {
        HttpResponse<byte[]> response =
                server.send(HttpRequest.newBuilder(URI.create(server.server().url() + "/v1/catalog"))
                        .header("Authorization", authorization));
        assertThat(detail(response, 401)).isEqualTo("the token is not the one that this server was started with");
    }

    @Test
    void theTokenIsAlsoTakenAsPassword() throws Exception {
        String basic =
                Base64.getEncoder().encodeToString(("anyone:" + TestServer.TOKEN).getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> response =
                server.send(HttpRequest.newBuilder(URI.create(server.server().url() + "/v1/queries"))
                        .header("Authorization", "Basic " + basic));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:80"})
    void anotherHostIsRefused(String host) throws Exception {
        String answer = server.raw("GET /v1/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403").contains("expected localhost, 127.0.0.1 or [::1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost@evil.example",
                "Host:",
                "Host: localhost\r\nNo colon",
                "Host: localhost\r\nHost: a"
            })
    void whatIsNotHttpIsAProblemToo(String headers) throws Exception {
        String answer = server.raw("GET /v1/health HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("Content-Type: application/problem+json")
                .contains("\"status\":400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:8080"})
    void loopbackIsAHost(String host) throws Exception {
        String answer = server.raw("GET /v1/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://127.0.0.1", "file://"})
    void aPageFromElsewhereIsRefused(String origin) throws Exception {
        assertThat(detail(server.send(server.request("/v1/catalog").header("Origin", origin)), 403))
                .isEqualTo("Origin '" + origin + "' is not this server; expected "
                        + server.server().url());
    }

    @Test
    void aPageFromHereIsNot() throws Exception {
        HttpResponse<byte[]> response = server.send(
                server.request("/v1/queries").header("Origin", server.server().url()));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void anotherRouteOrMethodIsNotThere() throws Exception {
        problem(server.send(server.request("/v2/sql")), 404);
        problem(server.send(server.request("/v1/sql")), 405);
        problem(server.send(server.request("/v1/catalog").DELETE()), 405);
    }

    @Test
    void anotherContentTypeIsNotRead() throws Exception {
        assertThat(detail(server.send(server.post("SELECT 1", "text/plain", "*/*")), 415))
                .isEqualTo("Content-Type 'text/plain' is not read here; expected application/json or application/sql");
        problem(server.send(server.request("/v1/sql").POST(BodyPublishers.ofString("SELECT 1"))), 415);
    }

    @Test
    void anotherFormatIsNotServed() throws Exception {
        assertThat(detail(server.sql("SELECT 1", "text/html"), 406))
                .isEqualTo("Accept 'text/html' is not served; expected one of json (application/json), csv (text/csv), "
                        + "arrow (application/vnd.apache.arrow.stream)");
        problem(server.send(server.request("/v1/sql?format=parquet").POST(BodyPublishers.ofString("SELECT 1"))), 406);
        problem(server.sql("SELECT 1", "application/json;q=0"), 406);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"sql\": 1} | member sql is number; expected a string",
                "{} | member sql is missing; expected a string",
                "[] | the body is not a JSON object; expected {\"sql\": \"…\"}",
                "{\"sql\": \" \"} | sql is empty; expected one statement",
                "{\"sql\": \"SELECT 1\", \"limit\": 3} | member 'limit' is not known; expected max_rows, params, query_id, sql, timeout_ms",
                "{\"sql\": \"SELECT 1\", \"params\": 3} | member params is number; expected an array, one value per ?",
                "{\"sql\": \"SELECT 1\", \"max_rows\": 0} | member max_rows is 0; expected a whole number from 1 to 9223372036854775807",
                "{\"sql\": \"SELECT 1\", \"max_rows\": 1.5} | member max_rows is 1.5; expected a whole number from 1 to 9223372036854775807",
                "{\"sql\": \"SELECT 1\", \"timeout_ms\": 60001} | member timeout_ms is 60001; expected a whole number from 1 to 60000",
                "{\"sql\": \"SELECT 1\", \"query_id\": 7} | member query_id is number; expected a string"
            })
    void aBodyThatSaysSomethingElseIsRefused(String body, String detail) throws Exception {
        assertThat(detail(server.json(body), 400)).isEqualTo(detail);
    }

    @Test
    void jsonThatIsNoneIsRefusedWithItsPlace() throws Exception {
        assertThat(detail(server.json("{\"sql\":\n oops}"), 400))
                .startsWith("the body is not JSON: Unrecognized token 'oops'")
                .endsWith(", line 2, column 2");
        problem(server.json("{\"sql\": \"SELECT 1\"} {}"), 400);
        problem(server.json(""), 400);
    }

    @Test
    void aQueryIdIsShortAndPlain() throws Exception {
        assertThat(detail(server.json("{\"sql\": \"SELECT 1\", \"query_id\": \"a/b\"}"), 422))
                .isEqualTo(
                        "the query id has 3 characters; expected 1 to 64 letters, digits, dots, dashes and underscores");
    }

    @Test
    void aLongStatementOrBodyIsRefused() throws Exception {
        assertThat(detail(server.sql("SELECT 1 --" + "x".repeat(70_000)), 413))
                .isEqualTo("sql has 70011 characters; expected at most 65536");
        assertThat(detail(server.sql(" ".repeat(5 << 20)), 413))
                .isEqualTo("the request has more than 4194304 bytes; expected a shorter statement or fewer parameters");
    }
}
