package dev.vitrine.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vitrine.server.query.QueryLimits;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/sql}: {@code application/json} with the members below, or {@code application/sql}, which is the statement
 * alone. {@code text/plain} is refused: a page on the web can send that without asking.
 *
 * @param sql one statement
 * @param params one value per {@code ?}, in order: number, string, boolean, null, or an array of numbers for a vector
 * @param maxRows most rows to send, after which the result is cut and says so; 0 for all
 * @param timeout at most the server's own
 * @param queryId the client's name for it, or null
 */
record QueryRequest(
        String sql,
        List<JsonNode> params,
        long maxRows,
        Duration timeout,
        @Nullable String queryId) {
    private static final int MAX_BYTES = 4 << 20;
    private static final Set<String> MEMBERS = Set.of("sql", "params", "max_rows", "timeout_ms", "query_id");
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static QueryRequest read(Context ctx, QueryLimits limits) {
        String contentType = ctx.contentType() == null ? "" : ctx.contentType();
        String mediaType = contentType.replaceAll(";.*", "").trim().toLowerCase(Locale.ROOT);
        QueryRequest request = switch (mediaType) {
            case "application/sql" ->
                new QueryRequest(text(RequestBody.read(ctx, MAX_BYTES)), List.of(), 0, limits.timeout(), null);
            case "application/json" -> json(RequestBody.read(ctx, MAX_BYTES), limits);
            default ->
                throw new HttpResponseException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode(),
                        "Content-Type '" + contentType
                                + "' is not read here; expected application/json or application/sql");
        };
        if (request.sql.isBlank()) {
            throw badRequest("sql is empty; expected one statement");
        }
        if (request.sql.length() > limits.sqlLength()) {
            throw new HttpResponseException(
                    HttpStatus.CONTENT_TOO_LARGE.getCode(),
                    "sql has " + request.sql.length() + " characters; expected at most " + limits.sqlLength());
        }
        return request;
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badRequest("the body is not UTF-8");
        }
    }

    private static QueryRequest json(byte[] body, QueryLimits limits) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw badRequest("the body is not JSON: " + e.getOriginalMessage() + ", line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw badRequest("the body cannot be read: " + e.getMessage());
        }
        if (root == null || !root.isObject()) {
            throw badRequest("the body is not a JSON object; expected {\"sql\": \"…\"}");
        }
        root.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw badRequest("member '" + name + "' is not known; expected "
                        + String.join(", ", MEMBERS.stream().sorted().toList()));
            }
        });
        JsonNode sql = root.path("sql");
        JsonNode id = root.path("query_id");
        if (!sql.isTextual()) {
            throw badRequest("member sql is " + kind(sql) + "; expected a string");
        }
        if (!id.isTextual() && !id.isMissingNode() && !id.isNull()) {
            throw badRequest("member query_id is " + kind(id) + "; expected a string");
        }
        return new QueryRequest(
                sql.textValue(),
                params(root.path("params")),
                integer(root, "max_rows", 0, Long.MAX_VALUE),
                Duration.ofMillis(integer(
                        root,
                        "timeout_ms",
                        limits.timeout().toMillis(),
                        limits.timeout().toMillis())),
                id.textValue());
    }

    private static List<JsonNode> params(JsonNode params) {
        if (params.isMissingNode() || params.isNull()) {
            return List.of();
        }
        if (!params.isArray()) {
            throw badRequest("member params is " + kind(params) + "; expected an array, one value per ?");
        }
        List<JsonNode> values = new ArrayList<>();
        params.forEach(values::add);
        return values;
    }

    private static long integer(JsonNode root, String name, long absent, long most) {
        JsonNode node = root.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 1 || node.longValue() > most) {
            throw badRequest("member " + name + " is " + node + "; expected a whole number from 1 to " + most);
        }
        return node.longValue();
    }

    private static String kind(JsonNode node) {
        return node instanceof MissingNode
                ? "missing"
                : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static HttpResponseException badRequest(String message) {
        return new HttpResponseException(HttpStatus.BAD_REQUEST.getCode(), message);
    }
}
