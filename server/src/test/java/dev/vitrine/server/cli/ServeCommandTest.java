package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.TestStore;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServeCommandTest {
    private static final Pattern ANNOUNCED =
            Pattern.compile("Serving .* at (http://127\\.0\\.0\\.1:\\d+), reading only; Ctrl-C stops\\.\\R"
                    + "Token: {2}([A-Za-z0-9_-]{32})\\R"
                    + "Try: {4}curl -H .*\\R"
                    + "JDBC: {3}(jdbc:avatica:remote:.*)\\R");

    @Test
    void itPrintsOnceWhatClientsNeedAndStopsWhenTold() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                false);
        AtomicInteger exitCode = new AtomicInteger(-1);
        Thread server = new Thread(() -> exitCode.set(
                Root.run(console, "serve", "--store", TestStore.folder().toString(), "--port", "0")));
        server.start();
        Matcher announced = ANNOUNCED.matcher("");
        while (!announced.matches()) {
            Thread.sleep(20);
            assertThat(server.isAlive())
                    .as(out.toString(StandardCharsets.UTF_8))
                    .isTrue();
            announced = ANNOUNCED.matcher(out.toString(StandardCharsets.UTF_8));
        }

        HttpRequest request = HttpRequest.newBuilder(URI.create(announced.group(1) + "/v1/sql?format=csv"))
                .header("Authorization", "Bearer " + announced.group(2))
                .header("Content-Type", "application/sql")
                .POST(HttpRequest.BodyPublishers.ofString("SELECT run FROM runs"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .isEqualTo("run\nrrt\n");
        try (Connection connection = DriverManager.getConnection(announced.group(3))) {
            assertThat(connection.isReadOnly()).isTrue();
        }

        server.interrupt();
        server.join(30_000);
        assertThat(exitCode.get()).isZero();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            CommandRun run = CommandRun.of("serve", "-s", TestStore.folder().toString(), "--port", port);
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err())
                    .startsWith(
                            "error: port " + port + " of 127.0.0.1 cannot be taken; expected a free one, or 0 for any");
        }
    }
}
