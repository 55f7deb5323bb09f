package dev.vitrine.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoppedQueryTest {
    private static final QueryLimits TWO_AND_ONE = new QueryLimits(Duration.ofSeconds(60), 1_000, 1 << 20, 2, 1, 1000);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestServer server = new TestServer(TWO_AND_ONE);

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<HttpResponse<byte[]>> start(String id) {
        String body = "{\"sql\": \"" + TestServer.ENDLESS + "\", \"query_id\": \"" + id + "\"}";
        return server.client()
                .sendAsync(
                        server.post(body, "application/json", "*/*").build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode queries() throws Exception {
        return TestServer.tree(server.send(server.request("/v1/queries"))).get("queries");
    }

    /** Waits until so many queries are in that state. */
    private void await(String state, int count) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (true) {
            long found = 0;
            JsonNode queries = queries();
            for (JsonNode query : queries) {
                found += query.get("state").textValue().equals(state) ? 1 : 0;
            }
            if (found == count) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("%s %s of %s", count, state, queries)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    private int cancel(String id) throws Exception {
        return server.send(server.request("/v1/queries/" + id).DELETE()).statusCode();
    }

    @Test
    void deletingAQueryStopsIt() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> answer = start("a");
        await("running", 1);
        JsonNode query = queries().get(0);
        assertThat(query.get("query_id").textValue()).isEqualTo("a");
        assertThat(query.get("sql").textValue()).isEqualTo(TestServer.ENDLESS);
        assertThat(query.get("rows").longValue()).isZero();
        assertThat(query.get("elapsed_ms").longValue()).isNotNegative();

        assertThat(cancel("a")).isEqualTo(204);
        HttpResponse<byte[]> response = answer.get();
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(TestServer.tree(response).get("detail").textValue()).isEqualTo("the query 'a' was cancelled");
        assertThat(queries()).isEmpty();
        assertThat(cancel("a")).isEqualTo(404);
    }

    @Test
    void aClientThatHangsUpStopsItsQuery() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(TestServer.rawPost(TestServer.ENDLESS, "*/*").getBytes(StandardCharsets.UTF_8));
            await("running", 1);
        }
        await("running", 0);
    }

    @Test
    void anIdIsTakenWhileItsQueryRuns() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = start("same");
        await("running", 1);
        HttpResponse<byte[]> second = start("same").get();
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(TestServer.tree(second).get("detail").textValue())
                .isEqualTo("a query with the id 'same' is running; expected a new id");
        assertThat(cancel("same")).isEqualTo(204);
        assertThat(first.get().statusCode()).isEqualTo(409);
        assertThat(server.json("{\"sql\": \"SELECT 1\", \"query_id\": \"same\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tooManyQueriesWaitAndThenAreRefused() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> a = start("a");
        CompletableFuture<HttpResponse<byte[]>> b = start("b");
        await("running", 2);
        CompletableFuture<HttpResponse<byte[]>> c = start("c");
        await("queued", 1);
        HttpResponse<byte[]> refused = server.sql("SELECT 1");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(TestServer.tree(refused).get("detail").textValue())
                .isEqualTo("2 queries are running and 1 are waiting; expected one to end first");

        assertThat(cancel("c")).isEqualTo(204);
        assertThat(c.get().statusCode()).isEqualTo(409);
        CompletableFuture<HttpResponse<byte[]>> d = start("d");
        await("queued", 1);
        for (String id : List.of("a", "b")) {
            assertThat(cancel(id)).isEqualTo(204);
        }
        assertThat(a.get().statusCode()).isEqualTo(409);
        assertThat(b.get().statusCode()).isEqualTo(409);
        await("running", 1);
        assertThat(server.sql("SELECT 1").statusCode()).isEqualTo(200);
        assertThat(cancel("d")).isEqualTo(204);
        assertThat(d.get().statusCode()).isEqualTo(409);
    }

    @Test
    void closingTheServerStopsWhatRuns() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> answer = start("a");
        await("running", 1);
        long began = System.nanoTime();
        server.server().close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        HttpResponse<byte[]> response = answer.get();
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(TestServer.tree(response).get("detail").textValue()).isEqualTo("the server was closed");
    }
}
