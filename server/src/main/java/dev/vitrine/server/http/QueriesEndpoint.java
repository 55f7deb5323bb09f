package dev.vitrine.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.server.query.Failure;
import dev.vitrine.server.query.Queries;
import dev.vitrine.server.query.RunningQuery;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** {@code GET /v1/queries}: what runs, oldest first. {@code DELETE /v1/queries/{id}}: stops one. */
public final class QueriesEndpoint {
    private final Queries queries;

    public QueriesEndpoint(Queries queries) {
        this.queries = queries;
    }

    /** Lists the queries that run or wait, those of JDBC clients included. */
    public void list(Context ctx) {
        List<Entry> entries = queries.running().stream().map(Entry::of).toList();
        ctx.json(Map.of("queries", entries));
    }

    /** Stops one: 204, or 404 where none of that name runs. */
    public void cancel(Context ctx) {
        String id = ctx.pathParam("id");
        if (queries.cancel(id)) {
            ctx.status(204);
        } else {
            Problem.of(new Failure(ErrorCode.NOT_FOUND, "no query with the id '" + id + "' is running"), id)
                    .withHint("GET /v1/queries lists those that run.")
                    .send(ctx);
        }
    }

    /** One query as JSON. */
    private record Entry(
            @JsonProperty("query_id") String queryId,
            String sql,
            String state,
            long rows,
            @JsonProperty("elapsed_ms") long elapsedMillis) {
        static Entry of(RunningQuery query) {
            return new Entry(
                    query.id(),
                    query.sql(),
                    query.state(),
                    query.rows(),
                    query.elapsed().toMillis());
        }
    }
}
