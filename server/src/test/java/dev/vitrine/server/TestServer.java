package dev.vitrine.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.server.http.Token;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.sql.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A live server on a free port over {@link TestStore}, and a client that shows its token. */
public final class TestServer implements AutoCloseable {
    public static final String TOKEN = "test-token-0123456789";
    /** Runs for years: the third power of the attention rows, which the budget of rows must not end first. */
    public static final String ENDLESS = "SELECT COUNT(*) FROM attention a, attention b, attention c";

    static {
        // A quick machine takes the 50 million rows allowed by default in less than the deadline of some tests.
        System.setProperty("vitrine.rowBudget", String.valueOf(Long.MAX_VALUE));
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database = Database.open(TestStore.folder(), false);
    private final VitrineServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    public TestServer(QueryLimits limits) {
        server = VitrineServer.start(database, new ServerOptions(0, Token.of(TOKEN), limits));
    }

    public VitrineServer server() {
        return server;
    }

    public HttpClient client() {
        return client;
    }

    public int port() {
        return URI.create(server.url()).getPort();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).header("Authorization", "Bearer " + TOKEN);
    }

    public HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** A {@code POST /v1/sql}. */
    public HttpRequest.Builder post(String body, String contentType, String accept) {
        return request("/v1/sql")
                .header("Content-Type", contentType)
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    /** The answer to a statement, in a format. */
    public HttpResponse<byte[]> sql(String sql, String accept) throws IOException, InterruptedException {
        return send(post(sql, "application/sql", accept));
    }

    /** The answer to a statement, as JSON. */
    public HttpResponse<byte[]> sql(String sql) throws IOException, InterruptedException {
        return sql(sql, "application/json");
    }

    /** The answer to a request in JSON, as JSON. */
    public HttpResponse<byte[]> json(String body) throws IOException, InterruptedException {
        return send(post(body, "application/json", "application/json"));
    }

    /** Sends bytes as they are and reads until the server closes. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A raw {@code POST /v1/sql} whose connection ends with the answer. */
    public static String rawPost(String sql, String accept) {
        return "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + TOKEN
                + "\r\nContent-Type: application/sql\r\nAccept: " + accept + "\r\nContent-Length: " + sql.length()
                + "\r\n\r\n" + sql;
    }

    public static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public static JsonNode tree(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
