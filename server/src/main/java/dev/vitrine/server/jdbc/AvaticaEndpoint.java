package dev.vitrine.server.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.server.http.ClientConnection;
import dev.vitrine.server.http.Gate;
import dev.vitrine.server.http.RequestBody;
import dev.vitrine.server.query.Queries;
import dev.vitrine.sql.Database;
import io.javalin.http.Context;
import java.util.List;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.Service;

/**
 * {@code POST /avatica}. The client reads an error's text only from status 500, takes 503 as a reason to ask again for ever, and shows
 * its password only after a 401: so a missing token is 401, and all else that fails, a wrong token too, is 500.
 */
public final class AvaticaEndpoint implements AutoCloseable {
    private static final int MAX_BYTES = 4 << 20;
    private static final int SERVER_ERROR = 500;

    private final Gate gate;
    private final Queries queries;
    private final Sessions sessions;

    public AvaticaEndpoint(Gate gate, Database database, Queries queries) {
        this.gate = gate;
        this.queries = queries;
        this.sessions = new Sessions(database, queries.limits().rows(), Sessions.MAX_IDLE);
    }

    /** Answers one request. */
    public void post(Context ctx) throws JsonProcessingException {
        if (ctx.header("Authorization") == null) {
            gate.checkToken(ctx);
        }
        byte[] body = RequestBody.read(ctx, MAX_BYTES);
        if (body.length > 0 && body[0] == '{') {
            refuseJson(ctx);
            return;
        }
        ClientConnection client = ClientConnection.of(ctx);
        JdbcService service = new JdbcService(sessions, queries, client::gone);
        ErrorTranslation protobuf = new ErrorTranslation(service);
        HandlerResponse<byte[]> response = gate.isAuthorized(ctx)
                ? protobuf.apply(body)
                : protobuf.convertToErrorResponse(ErrorTranslation.wrongToken());
        client.answered();
        ctx.status(response.getStatusCode())
                .contentType("application/octet-stream")
                .result(response.getResponse());
    }

    /** JSON loses the types of numbers and cannot say NaN, so that clients read wrong values or fail. */
    private static void refuseJson(Context ctx) throws JsonProcessingException {
        Service.ErrorResponse refusal = new Service.ErrorResponse(
                List.of(),
                "serialization JSON is not served; expected ;serialization=protobuf in the JDBC URL",
                -1,
                "08004",
                AvaticaSeverity.ERROR,
                null);
        ctx.status(SERVER_ERROR).contentType("application/json").result(new ObjectMapper().writeValueAsString(refusal));
    }

    /** Closes all connections. */
    @Override
    public void close() {
        sessions.close();
    }
}
