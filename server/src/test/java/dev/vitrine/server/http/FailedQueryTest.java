package dev.vitrine.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedQueryTest {
    /** More than a megabyte before row 20,000, so that the answer has begun when the limit is reached. */
    private static final String WIDE =
            "SELECT *, 'sixty characters of text that make every row of it much longer.' AS t FROM attention";

    private static TestServer server;
    private static TestServer narrow;

    @BeforeAll
    static void start() {
        server = new TestServer(QueryLimits.DEFAULT);
        narrow = new TestServer(new QueryLimits(Duration.ofSeconds(60), 20_000, 8 << 20, 8, 32, 64 << 10));
    }

    @AfterAll
    static void stop() {
        server.close();
        narrow.close();
    }

    private static JsonNode problem(HttpResponse<byte[]> response, int status) throws Exception {
        String text = TestServer.text(response);
        assertThat(response.statusCode()).as(text).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(text).doesNotContain("Exception").doesNotContain("\\tat ");
        JsonNode problem = TestServer.tree(response);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("query_id").textValue())
                .isEqualTo(response.headers().firstValue("X-Query-Id").orElseThrow());
        return problem;
    }

    @Test
    void sqlThatDoesNotParseHasItsPlace() throws Exception {
        JsonNode problem = problem(server.sql("SELECT layer FROM heads\n  WHERE WHERE"), 400);
        assertThat(problem.get("type").textValue()).isEqualTo("urn:vitrine:error:invalid-sql");
        assertThat(problem.get("title").textValue()).isEqualTo("invalid sql");
        assertThat(problem.get("sqlstate").textValue()).isEqualTo("42000");
        assertThat(problem.get("line").intValue()).isEqualTo(2);
        assertThat(problem.get("column").intValue()).isEqualTo(3);
        assertThat(problem.get("hint").textValue())
                .isEqualTo("GET /v1/catalog lists schemas, tables, columns and functions.");
    }

    @Test
    void aTableThatIsNotThereIsNamed() throws Exception {
        JsonNode problem = problem(server.sql("SELECT * FROM attentions"), 400);
        assertThat(problem.get("detail").textValue()).contains("'attentions' not found");
        assertThat(problem.get("sqlstate").textValue()).isEqualTo("42S02");
        assertThat(problem.get("column").intValue()).isEqualTo(15);
    }

    @Test
    void dataThatDoesNotFitIsTheQuerysOwnFault() throws Exception {
        JsonNode lengths = problem(
                server.sql(
                        "SELECT dot(q.vector, h.vector) FROM queries q, hidden_states h"
                                + " WHERE q.prompt = 0 AND q.layer = 0 AND q.head = 0 AND q.pos = 0 AND h.prompt = 0 AND h.pos = 0"),
                422);
        assertThat(lengths.get("type").textValue()).isEqualTo("urn:vitrine:error:invalid-argument");
        assertThat(lengths.get("detail").textValue()).contains("16").contains("64");
        JsonNode zero = problem(server.sql("SELECT 1 / (pos - pos) FROM tokens"), 422);
        assertThat(zero.get("sqlstate").textValue()).isEqualTo("22012");
        JsonNode parameter =
                problem(server.json("{\"sql\": \"SELECT * FROM tokens WHERE pos = ?\", \"params\": [\"x\"]}"), 422);
        assertThat(parameter.get("detail").textValue()).isEqualTo("parameter 1 is x; expected INTEGER");
        JsonNode count =
                problem(server.json("{\"sql\": \"SELECT * FROM tokens WHERE pos = ?\", \"params\": [1, 2]}"), 422);
        assertThat(count.get("detail").textValue()).isEqualTo("params has 2 values; the statement has 1 parameters");
    }

    @Test
    void aModelThatIsNotThereIsNotFound() throws Exception {
        JsonNode problem = problem(server.sql("SELECT * FROM TABLE(rollout('nope', 0))"), 404);
        assertThat(problem.get("detail").textValue()).contains("'nope'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE workspace.x (a INTEGER)",
                "INSERT INTO workspace.x VALUES (1)",
                "UPDATE workspace.x SET a = 1",
                "DELETE FROM workspace.x",
                "DROP TABLE workspace.x",
                "CREATE VIEW workspace.v AS SELECT 1 AS one",
                "INSERT INTO runs VALUES (1)",
                "DELETE FROM tokens"
            })
    void writingIsForbidden(String sql) throws Exception {
        JsonNode problem = problem(server.sql(sql), 403);
        assertThat(problem.get("sqlstate").textValue()).isEqualTo("42501");
    }

    @Test
    void twoStatementsAreOneTooMany() throws Exception {
        problem(server.sql("SELECT 1; SELECT 2"), 400);
        assertThat(server.sql("SELECT 1;").statusCode()).isEqualTo(200);
    }

    @Test
    void deepNestingIsRefusedAndTheServerLives() throws Exception {
        problem(server.sql("SELECT " + "(".repeat(30_000) + "1" + ")".repeat(30_000)), 400);
        assertThat(server.sql("SELECT 1").statusCode()).isEqualTo(200);
    }

    @Test
    void theDeadlineEndsAQuery() throws Exception {
        long began = System.nanoTime();
        JsonNode problem = problem(server.json("{\"sql\": \"" + TestServer.ENDLESS + "\", \"timeout_ms\": 500}"), 504);
        assertThat(problem.get("detail").textValue())
                .isEqualTo("the query ran longer than its limit of 500 ms and was stopped after 0 rows");
        assertThat(problem.get("sqlstate").textValue()).isEqualTo("57014");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(TestServer.tree(server.send(server.request("/v1/queries"))).get("queries"))
                .isEmpty();
    }

    @Test
    void aResultBeyondTheRowLimitKeepsItsStatusWhileItIsSmall() throws Exception {
        JsonNode problem = problem(narrow.sql("SELECT key_pos FROM attention", "text/csv"), 422);
        assertThat(problem.get("detail").textValue())
                .isEqualTo(
                        "the result has more than 20000 rows, the limit; expected a LIMIT, fewer columns or an aggregate");
        assertThat(problem.get("sqlstate").textValue()).isEqualTo("54000");
    }

    @Test
    void jsonThatHasBegunEndsWithTheFailure() throws Exception {
        HttpResponse<byte[]> response = narrow.sql(WIDE);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
        JsonNode body = TestServer.tree(response);
        assertThat(body.get("rows")).hasSize(20_000);
        assertThat(body.get("status").textValue()).isEqualTo("failed");
        assertThat(body.get("error").get("type").textValue()).isEqualTo("urn:vitrine:error:limit-exceeded");
        assertThat(body.has("truncated")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv", "application/vnd.apache.arrow.stream"})
    void otherFormatsThatHaveBegunAreCutShort(String format) throws Exception {
        assertThatThrownBy(() -> narrow.sql(WIDE, format)).isInstanceOf(IOException.class);
        String raw = narrow.raw(TestServer.rawPost(WIDE, format));
        assertThat(raw.substring(0, 20)).startsWith("HTTP/1.1 200 OK");
        assertThat(raw.endsWith("0\r\n\r\n")).isFalse();
        assertThat(raw.contains("X-Truncated: false")).isFalse();
    }

    @Test
    void aResultBeyondTheByteLimitFails() throws Exception {
        String vectors =
                "SELECT h.vector, k.vector FROM hidden_states h JOIN keys k ON h.prompt = k.prompt AND h.pos = k.pos";
        JsonNode body = TestServer.tree(narrow.sql(vectors));
        assertThat(body.get("status").textValue()).isEqualTo("failed");
        assertThat(body.get("error").get("detail").textValue()).startsWith("the result has more than 8388608 bytes");
    }
}
