package dev.vitrine.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** The connection a request came on. A server that is not reading sees neither a client that hangs up nor a way to cut an answer short. */
public final class ClientConnection {
    private final EndPoint endPoint;
    private boolean pipelined;
    private boolean answered;

    private ClientConnection(EndPoint endPoint) {
        this.endPoint = endPoint;
    }

    /** Call once the request's body has been read: from then on nothing else reads from the socket. */
    public static ClientConnection of(Context ctx) {
        return new ClientConnection(ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint());
    }

    /**
     * Whether the client has hung up. The channel does not block: a read gives -1 after the client's end, and 0 while it waits. A
     * client that pipelines its next request loses that byte, so its connection ends with this answer, after which HTTP/1.1 has it ask
     * again (RFC 9112, 9.3.2).
     */
    public synchronized boolean gone() {
        if (answered) {
            return false;
        }
        if (!endPoint.isOpen()) {
            return true;
        }
        if (pipelined || !(endPoint.getTransport() instanceof SocketChannel channel)) {
            return false;
        }
        try {
            int read = channel.read(ByteBuffer.allocate(1));
            pipelined = read > 0;
            return read < 0;
        } catch (IOException e) {
            // Reset by the client.
            return true;
        }
    }

    /** Call before the end of the answer is sent: what comes after it is the client's next request, of which no byte may be read here. */
    public synchronized void answered() {
        answered = true;
    }

    /** Whether the connection has to end after this answer. */
    synchronized boolean mustClose() {
        return pipelined;
    }

    /** Ends the connection where it stands, so that a chunked body lacks its last chunk. */
    void cut() {
        endPoint.close();
    }
}
