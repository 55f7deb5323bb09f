package dev.vitrine.server;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.http.CatalogEndpoint;
import dev.vitrine.server.http.Gate;
import dev.vitrine.server.http.Problem;
import dev.vitrine.server.http.QueriesEndpoint;
import dev.vitrine.server.http.SqlEndpoint;
import dev.vitrine.server.http.UnreadableRequest;
import dev.vitrine.server.jdbc.AvaticaEndpoint;
import dev.vitrine.server.query.Queries;
import dev.vitrine.sql.Database;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A database over HTTP and remote JDBC, on loopback only, reading only. The routes are these:
 *
 * <pre>
 * GET    /v1/health         200 while it lives, without a token
 * POST   /v1/sql            one statement; JSON, CSV or an Arrow stream
 * GET    /v1/catalog        schemas, tables, columns, functions
 * GET    /v1/queries        what runs
 * DELETE /v1/queries/{id}   stops one
 * POST   /avatica           JDBC: jdbc:avatica:remote:url=…;serialization=protobuf
 * </pre>
 */
public final class VitrineServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final Gate gate;
    private final Queries queries;
    private final AvaticaEndpoint jdbc;
    private final BufferAllocator allocator = new RootAllocator();
    private final Javalin javalin;

    private VitrineServer(Database database, ServerOptions options) {
        this.queries = new Queries(options.limits());
        this.gate = new Gate(options.token());
        this.jdbc = new AvaticaEndpoint(gate, database, queries);
        this.javalin = Javalin.create(config -> configure(config, database));
    }

    /** Starts and returns once it listens. The database stays the caller's, who closes it after the server. */
    public static VitrineServer start(Database database, ServerOptions options) {
        VitrineServer server = new VitrineServer(database, options);
        try {
            server.javalin.start(LOOPBACK, options.port());
        } catch (JavalinBindException e) {
            server.close();
            throw new VitrineException(
                    ErrorCode.IO,
                    "port " + options.port() + " of " + LOOPBACK
                            + " cannot be taken; expected a free one, or 0 for any",
                    e);
        }
        return server;
    }

    private void configure(JavalinConfig config, Database database) {
        SqlEndpoint sql = new SqlEndpoint(database, queries, allocator);
        CatalogEndpoint catalog = new CatalogEndpoint(database);
        QueriesEndpoint running = new QueriesEndpoint(queries);

        config.routes.before(gate::check);
        config.routes.get(Gate.HEALTH, ctx -> ctx.json(Map.of("status", "ok")));
        config.routes.post("/v1/sql", sql::post);
        config.routes.get("/v1/catalog", catalog::get);
        config.routes.get("/v1/queries", running::list);
        config.routes.delete("/v1/queries/{id}", running::cancel);
        config.routes.post(Gate.AVATICA, jdbc::post);

        config.routes.exception(HttpResponseException.class, Problem::refused);
        config.routes.exception(Exception.class, Problem::failed);
        config.jetty.modifyServer(jetty -> jetty.setErrorHandler(new UnreadableRequest()));
        config.router.javaLangErrorHandler(Problem::died);
        config.http.prefer405over404 = true;
        // On loopback compression costs more than it saves.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
    }

    /** Where it listens, e.g. {@code http://127.0.0.1:40123}. */
    public String url() {
        return "http://" + LOOPBACK + ":" + javalin.port();
    }

    /** The URL for JDBC clients that have Avatica's driver, which wants {@code avatica_password}, the token, beside it or in it. */
    public String jdbcUrl() {
        return "jdbc:avatica:remote:url=" + url()
                + "/avatica;serialization=protobuf;authentication=BASIC;avatica_user=vitrine";
    }

    /** Bytes that Arrow streams hold at the moment; none once every answer has ended. */
    long arrowBytes() {
        return allocator.getAllocatedMemory();
    }

    /** Lets queries end for a second, stops those that do not, and then stops listening. */
    @Override
    public void close() {
        queries.close();
        javalin.stop();
        jdbc.close();
        allocator.close();
    }
}
