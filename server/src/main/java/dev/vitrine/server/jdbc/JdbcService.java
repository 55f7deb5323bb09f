package dev.vitrine.server.jdbc;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.server.query.Queries;
import dev.vitrine.server.query.RunningQuery;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.calcite.avatica.AvaticaUtils;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service;

/** Answers one request of an Avatica client: one method per kind of request. */
final class JdbcService implements Service {
    private static final RpcMetadataResponse RPC = new RpcMetadataResponse("vitrine");
    private static final long NO_UPDATE = -1;
    /** Two answers without content, and without a constructor that is public. */
    private static final CommitResponse COMMITTED =
            new ObjectMapper().convertValue(Map.of("response", "commit"), CommitResponse.class);

    private static final RollbackResponse ROLLED_BACK =
            new ObjectMapper().convertValue(Map.of("response", "rollback"), RollbackResponse.class);

    private final Sessions sessions;
    private final Queries queries;
    private final BooleanSupplier clientGone;

    JdbcService(Sessions sessions, Queries queries, BooleanSupplier clientGone) {
        this.sessions = sessions;
        this.queries = queries;
        this.clientGone = clientGone;
    }

    /** Work on a connection. */
    @FunctionalInterface
    private interface Work<T, R> {
        R apply(T subject) throws SQLException;
    }

    private <R> R on(String connectionId, Work<Session, R> work) {
        try {
            return work.apply(sessions.session(connectionId));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement or reads on in its result: what may take long, and is counted, watched and cancelled as a query. */
    private <R> R asQuery(OpenStatement statement, String sql, Work<RunningQuery, R> work) {
        try (RunningQuery query = queries.admit(null, sql, queries.limits().timeout(), clientGone)) {
            try {
                query.runs(statement.statement());
                return work.apply(query);
            } catch (SQLException | RuntimeException | Error e) {
                throw new IllegalStateException(query.reason(e));
            }
        }
    }

    private ResultSetResponse metadata(String connectionId, Work<DatabaseMetaData, ResultSet> call) {
        return on(connectionId, session -> {
            try (ResultSet rows = call.apply(session.connection().getMetaData())) {
                Meta.Signature signature = Signatures.of("", rows.getMetaData(), null);
                return new ResultSetResponse(
                        connectionId, session.unusedId(), true, signature, Frames.all(rows), NO_UPDATE, RPC);
            }
        });
    }

    @Override
    public ResultSetResponse apply(CatalogsRequest request) {
        return metadata(request.connectionId, DatabaseMetaData::getCatalogs);
    }

    @Override
    public ResultSetResponse apply(SchemasRequest request) {
        return metadata(request.connectionId, data -> data.getSchemas(request.catalog, request.schemaPattern));
    }

    @Override
    public ResultSetResponse apply(TablesRequest request) {
        String[] types = request.typeList == null ? null : request.typeList.toArray(new String[0]);
        return metadata(
                request.connectionId,
                data -> data.getTables(request.catalog, request.schemaPattern, request.tableNamePattern, types));
    }

    @Override
    public ResultSetResponse apply(TableTypesRequest request) {
        return metadata(request.connectionId, DatabaseMetaData::getTableTypes);
    }

    @Override
    public ResultSetResponse apply(TypeInfoRequest request) {
        return metadata(request.connectionId, DatabaseMetaData::getTypeInfo);
    }

    @Override
    public ResultSetResponse apply(ColumnsRequest request) {
        return metadata(
                request.connectionId,
                data -> data.getColumns(
                        request.catalog, request.schemaPattern, request.tableNamePattern, request.columnNamePattern));
    }

    @Override
    public DatabasePropertyResponse apply(DatabasePropertyRequest request) {
        return on(
                request.connectionId,
                session -> new DatabasePropertyResponse(
                        DatabaseProperties.of(session.connection().getMetaData()), RPC));
    }

    @Override
    public OpenConnectionResponse apply(OpenConnectionRequest request) {
        // request.info, the client's wishes for the server's own connection, is not read.
        try {
            sessions.open(request.connectionId);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new OpenConnectionResponse(RPC);
    }

    @Override
    public CloseConnectionResponse apply(CloseConnectionRequest request) {
        try {
            sessions.close(request.connectionId);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new CloseConnectionResponse(RPC);
    }

    /** Tells the client what holds: always read only, each statement on its own. Only the default schema can be chosen. */
    @Override
    public ConnectionSyncResponse apply(ConnectionSyncRequest request) {
        return on(request.connectionId, session -> {
            Connection connection = session.connection();
            if (request.connProps.getSchema() != null) {
                connection.setSchema(request.connProps.getSchema());
            }
            return new ConnectionSyncResponse(
                    new ConnectionPropertiesImpl(
                            true, true, Connection.TRANSACTION_NONE, connection.getCatalog(), connection.getSchema()),
                    RPC);
        });
    }

    @Override
    public CreateStatementResponse apply(CreateStatementRequest request) {
        return on(
                request.connectionId,
                session -> new CreateStatementResponse(
                        request.connectionId, session.add(session.connection().createStatement(), ""), RPC));
    }

    @Override
    public CloseStatementResponse apply(CloseStatementRequest request) {
        on(request.connectionId, session -> {
            session.closeStatement(request.statementId);
            return request;
        });
        return new CloseStatementResponse(RPC);
    }

    @Override
    public PrepareResponse apply(PrepareRequest request) {
        checkLength(request.sql);
        return on(request.connectionId, session -> {
            PreparedStatement statement = session.connection().prepareStatement(request.sql);
            limit(statement, request.maxRowCount);
            Meta.Signature signature =
                    Signatures.of(request.sql, statement.getMetaData(), statement.getParameterMetaData());
            int id = session.add(statement, request.sql);
            return new PrepareResponse(new Meta.StatementHandle(request.connectionId, id, signature), RPC);
        });
    }

    @Override
    public ExecuteResponse apply(PrepareAndExecuteRequest request) {
        checkLength(request.sql);
        return on(request.connectionId, session -> {
            OpenStatement statement = session.statement(request.statementId);
            if (statement == null) {
                return new ExecuteResponse(null, true, RPC);
            }
            return asQuery(statement, request.sql, query -> {
                limit(statement.statement(), request.maxRowCount);
                ResultSet rows = statement.statement().executeQuery(request.sql);
                return result(request.connectionId, request.statementId, request.sql, statement, rows, 0, query);
            });
        });
    }

    @Override
    public ExecuteResponse apply(ExecuteRequest request) {
        Meta.StatementHandle handle = request.statementHandle;
        return on(handle.connectionId, session -> {
            OpenStatement statement = session.statement(handle.id);
            if (statement == null || !(statement.statement() instanceof PreparedStatement prepared)) {
                return new ExecuteResponse(null, true, RPC);
            }
            String sql = statement.sql();
            return asQuery(statement, sql, query -> {
                TypedParameters.bind(prepared, request.parameterValues);
                ResultSet rows = prepared.executeQuery();
                return result(handle.connectionId, handle.id, sql, statement, rows, request.maxRowCount, query);
            });
        });
    }

    private static ExecuteResponse result(
            String connectionId,
            int id,
            String sql,
            OpenStatement statement,
            ResultSet rows,
            int askedRows,
            RunningQuery query)
            throws SQLException {
        statement.opened(sql, rows);
        Meta.Signature signature = Signatures.of(sql, rows.getMetaData(), null);
        Meta.Frame first = statement.next(0, Frames.rows(askedRows), query);
        return new ExecuteResponse(
                List.of(new ResultSetResponse(connectionId, id, false, signature, first, NO_UPDATE, RPC)), false, RPC);
    }

    @Override
    public FetchResponse apply(FetchRequest request) {
        return on(request.connectionId, session -> {
            OpenStatement statement = session.statement(request.statementId);
            if (statement == null) {
                throw new VitrineException(
                        ErrorCode.NOT_FOUND,
                        "the statement is closed, and its result with it; expected it to be run again");
            }
            Meta.Frame frame = asQuery(
                    statement,
                    statement.sql(),
                    query -> statement.next(request.offset, Frames.rows(request.fetchMaxRowCount), query));
            return new FetchResponse(frame, false, false, RPC);
        });
    }

    @Override
    public SyncResultsResponse apply(SyncResultsRequest request) {
        throw new VitrineException(ErrorCode.NOT_FOUND, "the result is gone; expected the statement to be run again");
    }

    /** There is nothing to commit; clients that end every query with it are content. */
    @Override
    public CommitResponse apply(CommitRequest request) {
        return COMMITTED;
    }

    /** There is nothing to roll back. */
    @Override
    public RollbackResponse apply(RollbackRequest request) {
        return ROLLED_BACK;
    }

    @Override
    public ExecuteBatchResponse apply(PrepareAndExecuteBatchRequest request) {
        throw readsOnly();
    }

    @Override
    public ExecuteBatchResponse apply(ExecuteBatchRequest request) {
        throw readsOnly();
    }

    private static VitrineException readsOnly() {
        return new VitrineException(
                ErrorCode.FORBIDDEN,
                "a batch writes; over the network SQL reads only, vitrine sql writes to the workspace");
    }

    @Override
    public void setRpcMetadata(RpcMetadataResponse metadata) {
        throw new UnsupportedOperationException("the metadata is fixed");
    }

    private void checkLength(String sql) {
        if (sql.length() > queries.limits().sqlLength()) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the statement has " + sql.length() + " characters; expected at most "
                            + queries.limits().sqlLength());
        }
    }

    /** Avatica's -1 is JDBC's 0: no limit. */
    private static void limit(Statement statement, long maxRows) throws SQLException {
        statement.setMaxRows(maxRows < 0 ? 0 : AvaticaUtils.toSaturatedInt(maxRows));
    }
}
