package dev.vitrine.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.server.query.Failure;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client gets in place of an answer: RFC 9457, {@code application/problem+json}. The only place where an error code becomes a
 * status.
 *
 * @param type {@code urn:vitrine:error:} and the code in lower case
 * @param title the same for every problem of a type
 * @param detail subject, value, expectation, place
 * @param line where in the SQL, from 1, where that is known
 * @param column where in that line, from 1, where that is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonProperty("query_id") @Nullable String queryId,
        @Nullable String sqlstate,
        @Nullable Integer line,
        @Nullable Integer column,
        @Nullable String hint) {
    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String CONTENT_TYPE = "application/problem+json";
    static final int TOO_MANY_REQUESTS = 429;

    static Problem of(Failure failure, @Nullable String queryId) {
        return new Problem(
                "urn:vitrine:error:"
                        + failure.code().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                failure.code().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                status(failure.code()),
                failure.message(),
                queryId,
                failure.sqlState(),
                failure.line() > 0 ? failure.line() : null,
                failure.column() > 0 ? failure.column() : null,
                hint(failure.code()));
    }

    /** A request that never became a query. */
    static Problem of(int status, @Nullable String detail) {
        String title = HttpStatus.forStatus(status).getMessage();
        return new Problem("about:blank", title, status, detail == null ? title : detail, null, null, null, null, null);
    }

    Problem withStatus(int other) {
        return new Problem(type, title, other, detail, queryId, sqlstate, line, column, hint);
    }

    Problem withHint(String other) {
        return new Problem(type, title, status, detail, queryId, sqlstate, line, column, other);
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_SQL -> 400;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, CANCELLED -> 409;
            case INVALID_ARGUMENT, UNSUPPORTED_MODEL, BAD_MODEL, BAD_PROMPT, LIMIT_EXCEEDED -> 422;
            case BAD_STORE, IO, INTERNAL -> 500;
            case LOCKED -> 503;
            case TIMED_OUT -> 504;
        };
    }

    private static @Nullable String hint(ErrorCode code) {
        return switch (code) {
            case INVALID_SQL, NOT_FOUND -> "GET /v1/catalog lists schemas, tables, columns and functions.";
            case FORBIDDEN -> "Over the network SQL reads only; vitrine sql writes to the workspace.";
            case TIMED_OUT ->
                "Restrict run, prompt, layer and head, or have the server started with a longer --timeout.";
            case BAD_STORE -> "vitrine check --store DIR names every damaged file.";
            case INTERNAL -> "The server's error output has the details under this query_id.";
            default -> null;
        };
    }

    /** Answers a request that was refused before it became a query. */
    public static void refused(HttpResponseException refused, Context ctx) {
        of(refused.getStatus(), refused.getMessage()).send(ctx);
    }

    /** Answers a request that failed outside of a query. */
    public static void failed(Exception thrown, Context ctx) {
        Failure failure = Failure.of(thrown);
        if (failure.code() == ErrorCode.INTERNAL) {
            LOG.error("{} {}", ctx.method(), ctx.path(), thrown);
        }
        of(failure, null).send(ctx);
    }

    /** Answers a request outside of a query at which the Java machine itself failed. */
    public static void died(HttpServletResponse response, Error error) {
        LOG.error("a request", error);
        response.setStatus(status(ErrorCode.INTERNAL));
    }

    /** Answers with this problem. */
    void send(Context ctx) {
        ctx.status(status).contentType(CONTENT_TYPE).result(toJson());
    }

    /** UTF-8. */
    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is always JSON", e);
        }
    }
}
