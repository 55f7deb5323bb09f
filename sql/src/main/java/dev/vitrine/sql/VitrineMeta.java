package dev.vitrine.sql;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.plan.CompiledChange;
import dev.vitrine.sql.plan.CompiledQuery;
import dev.vitrine.sql.plan.CompiledStatement;
import dev.vitrine.sql.query.Deadline;
import dev.vitrine.sql.query.Query;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/** What Avatica's JDBC objects ask for: preparing and running statements, and the catalogue. */
final class VitrineMeta extends MetaImpl {
    /** SQLSTATE of a warning without a class of its own. */
    private static final String WARNING = "01000";

    private final VitrineConnection session;

    VitrineMeta(VitrineConnection session) {
        super(session);
        this.session = session;
    }

    private StatementSignature compile(String sql) {
        return StatementSignature.of(sql, session.database().compile(sql, session.writable()));
    }

    /** An execution that ends with the statement's time limit or its cancel flag. */
    private Query begin(StatementHandle handle, CompiledStatement statement, List<@Nullable TypedValue> parameters) {
        try {
            AtomicBoolean cancelled = session.getCancelFlag(handle);
            cancelled.set(false);
            Duration limit = Duration.ofSeconds(caller(handle).getQueryTimeout());
            return session.database()
                    .begin(
                            statement,
                            ParameterValues.of(statement.parameters(), parameters),
                            Deadline.in(limit, cancelled));
        } catch (SQLException | NoSuchStatementException e) {
            throw new IllegalStateException(e);
        }
    }

    private AvaticaStatement caller(StatementHandle handle) {
        return Objects.requireNonNull(session.statementMap.get(handle.id), "statement is closed");
    }

    private long change(StatementHandle handle, CompiledChange change, List<@Nullable TypedValue> parameters) {
        try (Query query = begin(handle, change, parameters)) {
            if (!session.writable()) {
                throw new VitrineException(
                        ErrorCode.FORBIDDEN, "the workspace cannot be changed: this connection only reads");
            }
            long count = change.run(query);
            session.changed();
            return count;
        }
    }

    @Override
    public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
        StatementHandle handle = createStatement(ch);
        handle.signature = compile(sql);
        return handle;
    }

    @Override
    @SuppressWarnings("deprecation")
    public ExecuteResult prepareAndExecute(StatementHandle h, String sql, long maxRowCount, PrepareCallback callback) {
        return prepareAndExecute(h, sql, maxRowCount, -1, callback);
    }

    @Override
    public ExecuteResult prepareAndExecute(
            StatementHandle h, String sql, long maxRowCount, int maxRowsInFirstFrame, PrepareCallback callback) {
        StatementSignature signature = compile(sql);
        long count = -1;
        if (signature.statement() instanceof CompiledChange change) {
            count = change(h, change, List.of());
        }
        try {
            synchronized (callback.getMonitor()) {
                callback.clear();
                callback.assign(signature, null, count);
            }
            callback.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new ExecuteResult(List.of(MetaResultSet.create(h.connectionId, h.id, false, signature, null, count)));
    }

    @Override
    public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> statements) {
        long[] counts = new long[statements.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = change(h, requireChange(compile(statements.get(i))), List.of());
        }
        return new ExecuteBatchResult(counts);
    }

    @Override
    public ExecuteBatchResult executeBatch(StatementHandle h, List<List<TypedValue>> parameterValues) {
        CompiledChange change = requireChange(compile(signature(h).sql));
        long[] counts = new long[parameterValues.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = change(h, change, List.copyOf(parameterValues.get(i)));
        }
        return new ExecuteBatchResult(counts);
    }

    private static CompiledChange requireChange(StatementSignature signature) {
        if (signature.statement() instanceof CompiledChange change) {
            return change;
        }
        throw new VitrineException(
                ErrorCode.INVALID_SQL,
                "a query cannot be part of a batch; expected INSERT, UPDATE, DELETE, CREATE or DROP");
    }

    /** The statement as it was prepared; its handle may have lost the signature on the way here. */
    private Signature signature(StatementHandle h) {
        return ((VitrinePreparedStatement) caller(h)).prepared();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, long maxRowCount) {
        return execute(h, parameterValues, -1);
    }

    /** Compiles again, which is a look-up unless the store has changed since. */
    @Override
    public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, int maxRowsInFirstFrame) {
        StatementSignature signature = compile(signature(h).sql);
        if (signature.statement() instanceof CompiledChange change) {
            long count = change(h, change, parameterValues);
            return new ExecuteResult(List.of(MetaResultSet.count(h.connectionId, h.id, count)));
        }
        return new ExecuteResult(List.of(MetaResultSet.create(h.connectionId, h.id, false, signature, null)));
    }

    @Override
    public Iterable<Object> createIterable(
            StatementHandle handle,
            QueryState state,
            Signature signature,
            List<TypedValue> parameterValues,
            @Nullable Frame firstFrame) {
        if (!(signature instanceof StatementSignature statement)) {
            return super.createIterable(handle, state, signature, parameterValues, firstFrame);
        }
        AvaticaStatement caller = caller(handle);
        CompiledQuery compiled = (CompiledQuery) statement.statement();
        warn(caller, compiled.warnings());
        Query query = begin(handle, compiled, VitrineConnection.parameters(caller));
        long most;
        try {
            most = caller.getLargeMaxRows();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return () -> new QueryRows(compiled, query, signature.columns, most);
    }

    private static void warn(AvaticaStatement caller, List<String> warnings) {
        SQLWarning first = null;
        for (int i = warnings.size() - 1; i >= 0; i--) {
            SQLWarning warning = new SQLWarning(warnings.get(i), WARNING);
            if (first != null) {
                warning.setNextWarning(first);
            }
            first = warning;
        }
        if (caller instanceof VitrineStatement statement) {
            statement.warn(first);
        } else if (caller instanceof VitrinePreparedStatement statement) {
            statement.warn(first);
        }
    }

    @Override
    public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount) {
        throw new UnsupportedOperationException("results are read as a whole, not by frames");
    }

    @Override
    public boolean syncResults(StatementHandle sh, QueryState state, long offset) {
        throw new UnsupportedOperationException("results are read as a whole, not by frames");
    }

    private MetaResultSet result(Listing listing) {
        return createResultSet(Map.of(), listing.columns(), CursorFactory.ARRAY, new Frame(0, true, listing.rows()));
    }

    private CatalogListings catalog() {
        return new CatalogListings(session.database());
    }

    @Override
    public MetaResultSet getSchemas(ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern) {
        return result(catalog().schemas(schemaPattern.s));
    }

    @Override
    public MetaResultSet getTableTypes(ConnectionHandle ch) {
        return result(catalog().tableTypes());
    }

    @Override
    public MetaResultSet getTables(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat tableNamePattern,
            @Nullable List<String> typeList) {
        return result(catalog().tables(schemaPattern.s, tableNamePattern.s, typeList));
    }

    @Override
    public MetaResultSet getColumns(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat tableNamePattern,
            Pat columnNamePattern) {
        return result(catalog().columns(schemaPattern.s, tableNamePattern.s, columnNamePattern.s));
    }

    @Override
    public MetaResultSet getPrimaryKeys(
            ConnectionHandle ch, @Nullable String catalog, @Nullable String schema, String table) {
        return result(catalog().primaryKeys(schema, table));
    }

    @Override
    public MetaResultSet getFunctions(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat functionNamePattern) {
        return result(catalog().functions(schemaPattern.s, functionNamePattern.s));
    }

    @Override
    public MetaResultSet getFunctionColumns(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat functionNamePattern,
            Pat columnNamePattern) {
        return result(catalog().functionColumns(schemaPattern.s, functionNamePattern.s, columnNamePattern.s));
    }

    @Override
    public MetaResultSet getTypeInfo(ConnectionHandle ch) {
        return result(catalog().typeInfo());
    }

    @Override
    public void closeStatement(StatementHandle h) {}

    @Override
    public void commit(ConnectionHandle ch) {}

    @Override
    public void rollback(ConnectionHandle ch) {}
}
