package dev.vitrine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.server.query.QueryLimits;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Arrow's memory is not the garbage collector's: every answer gives back what it took, however it ends. */
class ArrowMemoryTest {
    private static final String ARROW = "application/vnd.apache.arrow.stream";
    private static final String VECTORS = "SELECT run, prompt, layer, head, pos, vector FROM queries";
    /** Divides by zero in the last prompt, after what is held back has been sent. */
    private static final String FAILING = "SELECT prompt, key_pos, 1 / (prompt - 4) AS x FROM attention";
    /** 8 of its 32,800 rows over what is allowed. */
    private static final String TOO_LONG = "SELECT * FROM attention";

    @Test
    void twoHundredAnswersLeaveNothing() throws Exception {
        QueryLimits limits =
                new QueryLimits(Duration.ofSeconds(60), TestStore.ATTENTION_ROWS - 8, 64 << 20, 4, 8, 10_000);
        try (TestServer server = new TestServer(limits)) {
            int whole = 0;
            int failed = 0;
            for (int i = 0; i < 40; i++) {
                HttpResponse<byte[]> answer = server.sql(VECTORS, ARROW);
                assertThat(answer.statusCode()).isEqualTo(200);
                whole += answer.body().length > 100_000 ? 1 : 0;
                failed += cut(server, FAILING) ? 1 : 0;
                failed += cut(server, TOO_LONG) ? 1 : 0;
                hangUp(server, VECTORS);
                failed += server.sql("SELECT nothing FROM attention", ARROW).statusCode() == 400 ? 1 : 0;
            }
            assertThat(whole).isEqualTo(40);
            assertThat(failed).isEqualTo(120);
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (server.server().arrowBytes() > 0 && System.nanoTime() < end) {
                Thread.sleep(10); // Until the server has seen that the last client is gone.
            }
            assertThat(server.server().arrowBytes()).isZero();
            assertThat(server.sql(VECTORS, ARROW).statusCode()).isEqualTo(200);
        }
    }

    /** Whether the answer ended without its last chunk, or in a failure. */
    private static boolean cut(TestServer server, String sql) throws Exception {
        String answer = server.raw(TestServer.rawPost(sql, ARROW));
        return !answer.startsWith("HTTP/1.1 200") || !answer.endsWith("\r\n0\r\n\r\n");
    }

    private static void hangUp(TestServer server, String sql) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(TestServer.rawPost(sql, ARROW).getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(64)).hasSize(64);
        }
    }
}
