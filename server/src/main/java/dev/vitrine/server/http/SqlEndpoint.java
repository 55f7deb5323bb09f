package dev.vitrine.server.http;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.query.Failure;
import dev.vitrine.server.query.Queries;
import dev.vitrine.server.query.RunningQuery;
import dev.vitrine.server.result.ResultCopy;
import dev.vitrine.server.result.ResultSummary;
import dev.vitrine.server.result.ResultWriter;
import dev.vitrine.sql.Database;
import io.javalin.http.Context;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/sql}: one statement in, one result out. */
public final class SqlEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(SqlEndpoint.class);

    private final Database database;
    private final Queries queries;
    private final BufferAllocator allocator;

    /** All three stay the caller's. */
    public SqlEndpoint(Database database, Queries queries, BufferAllocator allocator) {
        this.database = database;
        this.queries = queries;
        this.allocator = allocator;
    }

    /** Answers one request. */
    public void post(Context ctx) {
        ResultFormat format = ResultFormat.of(ctx);
        QueryRequest request = QueryRequest.read(ctx, queries.limits());
        ClientConnection client = ClientConnection.of(ctx);
        RunningQuery admitted;
        try {
            admitted = queries.admit(request.queryId(), request.sql(), request.timeout(), client::gone);
        } catch (VitrineException e) {
            refuse(ctx, e, request.queryId());
            return;
        }
        try (RunningQuery query = admitted) {
            ctx.header("X-Query-Id", query.id());
            answer(ctx, client, format, request, query);
        }
    }

    private void answer(
            Context ctx, ClientConnection client, ResultFormat format, QueryRequest request, RunningQuery query) {
        Answer answer = new Answer(ctx, format, client);
        HeldBackStream out = new HeldBackStream(answer::begin);
        try (ResultWriter writer =
                format.writer(out, query.id(), allocator, queries.limits().bytes())) {
            try {
                answer.ended(run(request, query, writer, out));
                client.answered();
                out.close();
            } catch (SQLException | IOException | RuntimeException | Error e) {
                Failure failure = Failure.of(query.reason(e));
                // An answer that cannot be written is one whose client has gone.
                if (failure.code() == ErrorCode.INTERNAL && !(e instanceof IOException)) {
                    LOG.error("query {}", query.id(), e);
                }
                fail(ctx, client, out, writer, Problem.of(failure, query.id()));
            }
        }
    }

    private ResultSummary run(QueryRequest request, RunningQuery query, ResultWriter writer, HeldBackStream out)
            throws SQLException, IOException {
        try (Connection connection = database.connect(true);
                PreparedStatement statement = connection.prepareStatement(request.sql())) {
            query.runs(statement);
            Parameters.bind(statement, request.params());
            try (ResultSet rows = statement.executeQuery()) {
                return ResultCopy.copy(rows, writer, query, request.maxRows(), queries.limits(), out::written);
            }
        }
    }

    private static void fail(
            Context ctx, ClientConnection client, HeldBackStream out, ResultWriter writer, Problem problem) {
        client.answered();
        if (!out.begun()) {
            problem.send(ctx);
            return;
        }
        try {
            if (writer.fail(problem)) {
                out.close();
            } else {
                client.cut();
            }
        } catch (IOException e) {
            // The client has gone: nobody reads the failure, and the connection has no further use.
            client.cut();
        }
    }

    private static void refuse(Context ctx, VitrineException refused, @Nullable String queryId) {
        Problem problem = Problem.of(Failure.of(refused), queryId);
        if (refused.code() == ErrorCode.LIMIT_EXCEEDED) {
            ctx.header("Retry-After", "1");
            problem = problem.withStatus(Problem.TOO_MANY_REQUESTS);
        }
        problem.send(ctx);
    }
}
